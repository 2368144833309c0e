import SystemPackage

extension NeighbourConflict {
    var englishClaim: String {
        switch claim {
        case .service(let name), .backendName(let name): name
        case .stateFolder(let folder, _): "the folder \(folder)"
        case .upstreamFile(let file, _): "\(file)"
        }
    }

    var englishReason: String {
        switch claim {
        case .service: "backends and scratch databases are found by it; give each service a name of its own"
        case .stateFolder(_, let service):
            "history, alerts and locks lie in it; give each service a folder of its own, such as state/\(service)/autoscale.json"
        case .upstreamFile(_, let service):
            "each service replaces it whole; give each a file of its own, such as nginx/\(service).conf"
        case .backendName: "backends and their logs are named after it; give each service a name of its own"
        }
    }
}
