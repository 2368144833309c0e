extension BackupsOfOthers {
    /// `backups of service shop, database app: 3, left alone`
    package var english: String {
        switch relation {
        case .own: "backups of this service: \(count)"
        case .unproven where origin.service == nil:
            "backups of database \(origin.database) whose manifest names no service: \(count), counted and never removed; if they are this service's, run: backup claim"
        case .unproven:
            "backups of database \(origin.database) whose server can't be compared with today's: \(count), counted and not removed"
        case .former:
            "backups of this service, database \(origin.database) on \(origin.server.map { "server \($0)" } ?? "a server without an identifier"), which is not today's: \(count), left alone"
        case .foreign:
            if let service = origin.service {
                "backups of service \(service), database \(origin.database): \(count), left alone"
            } else {
                "backups of database \(origin.database), which is not this service's: \(count), left alone"
            }
        }
    }
}
