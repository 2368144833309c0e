extension FleetRehearsal.Entry {
    package var english: String {
        switch action {
        case .remove: "remove \(backend)"
        case .startAgain: "start again \(backend)"
        case .start: "start \(backend)"
        case .stop: "stop \(backend)"
        case .takeBack: "take back into the upstream \(backend)"
        case .stepUp: "scale up: start \(backend)"
        case .drain: "scale down: drain \(backend)"
        }
    }
}
