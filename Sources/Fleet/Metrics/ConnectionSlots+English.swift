extension ConnectionSlots {
    var english: String {
        switch bound {
        case .server:
            "\(used) connections are open, and max_connections leaves \(usable) to applications"
        case .database(let name):
            "database \(name): \(used) connections are open, and its CONNECTION LIMIT is \(usable)"
        case .role(let name):
            "role \(name): \(used) connections are open, and its CONNECTION LIMIT is \(usable)"
        }
    }
}
