extension UpstreamDrift {
    package var spanish: String {
        switch self {
        case .fileRemoved:
            "alguien había eliminado el archivo upstream: se escribió de nuevo y NGINX lo sirve"
        case .fileChanged:
            "alguien había cambiado el archivo upstream: corregido, y NGINX lo sirve"
        case .otherServed:
            "NGINX no servía lo último publicado: corregido"
        }
    }
}
