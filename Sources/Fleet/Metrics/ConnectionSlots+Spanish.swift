extension ConnectionSlots {
    var spanish: String {
        switch bound {
        case .server:
            "hay \(used) conexiones abiertas y max_connections deja \(usable) a las aplicaciones"
        case .database(let name):
            "base de datos \(name): hay \(used) conexiones abiertas y su CONNECTION LIMIT es \(usable)"
        case .role(let name):
            "rol \(name): hay \(used) conexiones abiertas y su CONNECTION LIMIT es \(usable)"
        }
    }
}
