import SystemPackage

extension NeighbourConflict {
    var spanishClaim: String {
        switch claim {
        case .service(let name), .backendName(let name): name
        case .stateFolder(let folder, _): "la carpeta \(folder)"
        case .upstreamFile(let file, _): "\(file)"
        }
    }

    var spanishReason: String {
        switch claim {
        case .service:
            "los backends y las bases temporales se encuentran por él; dé a cada servicio un nombre propio"
        case .stateFolder(_, let service):
            "contiene historial, alertas y bloqueos; dé a cada servicio una carpeta propia, como state/\(service)/autoscale.json"
        case .upstreamFile(_, let service):
            "cada servicio lo reemplaza entero; dé a cada uno un archivo propio, como nginx/\(service).conf"
        case .backendName: "los backends y sus registros se llaman así; dé a cada servicio un nombre propio"
        }
    }
}
