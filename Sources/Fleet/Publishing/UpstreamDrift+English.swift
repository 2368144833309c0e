extension UpstreamDrift {
    package var english: String {
        switch self {
        case .fileRemoved:
            "somebody had removed the upstream file: it was written again, and NGINX serves it"
        case .fileChanged:
            "somebody had changed the upstream file: put right, and NGINX serves it"
        case .otherServed:
            "NGINX did not serve what was published last: put right"
        }
    }
}
