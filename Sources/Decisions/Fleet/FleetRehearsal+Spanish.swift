extension FleetRehearsal.Entry {
    package var spanish: String {
        switch action {
        case .remove: "eliminar \(backend)"
        case .startAgain: "arrancar de nuevo \(backend)"
        case .start: "arrancar \(backend)"
        case .stop: "detener \(backend)"
        case .takeBack: "devolver al upstream \(backend)"
        case .stepUp: "ampliar: arrancar \(backend)"
        case .drain: "reducir: drenar \(backend)"
        }
    }
}
