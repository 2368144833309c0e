/// Whose a backup is, as its manifest says.
package struct BackupOrigin: Hashable, Sendable {
    /// `nil`: the manifest was written before manifests named it, or can't be read.
    package let service: String?
    package let database: String
    /// `system_identifier` of the server's `pg_control_system()`; `nil` where the role could not read it.
    package let server: String?

    package init(service: String?, database: String, server: String?) {
        self.service = service
        self.database = database
        self.server = server
    }
}

/// Whose backups a command counts: folders and stores are shared by several services, and by several servers.
package struct BackupOwner: Equatable, Sendable {
    package enum Server: Equatable, Sendable {
        case known(String)
        /// The role may not read the identifier.
        case hidden
        /// It could not be asked, now or ever before.
        case unasked
    }

    package let service: String
    /// `nil`: not known.
    package let database: String?
    package let server: Server

    package init(service: String, database: String?, server: Server) {
        self.service = service
        self.database = database
        self.server = server
    }

    package enum Relation: Equatable, Sendable {
        /// Service, database and server are ours: retention may remove it.
        case own
        /// Nothing speaks against it, and something is missing that would prove it: it counts, and is never removed.
        case unproven
        /// This service's, of another database or another server.
        case former
        case foreign
    }

    /// Two servers may have databases, and services, of one name: a removal needs all three to be equal.
    package func relation(to origin: BackupOrigin) -> Relation {
        guard let service = origin.service else {
            return database == nil || origin.database == database ? .unproven : .foreign
        }
        guard service == self.service else { return .foreign }
        guard let database else { return .unproven }
        guard origin.database == database else { return .former }
        return switch (server, origin.server) {
        case (.unasked, _), (.known, nil), (.hidden, .some): .unproven
        case (.hidden, nil): .own
        case (.known(let ours), .some(let theirs)): ours == theirs ? .own : .former
        }
    }
}

/// Backups of one origin that a command leaves alone.
package struct BackupsOfOthers: Equatable, Sendable {
    package let origin: BackupOrigin
    package let relation: BackupOwner.Relation
    package let count: Int

    package init(origin: BackupOrigin, relation: BackupOwner.Relation, count: Int) {
        self.origin = origin
        self.relation = relation
        self.count = count
    }

    /// `backups of service shop, database app: 3, left alone`
    package func sentence(in language: Language) -> String {
        let origin = self.origin
        return switch relation {
        case .own: ""
        case .unproven:
            origin.service == nil
                ? language.choose(
                    "backups of database \(origin.database) whose manifest names no service: \(count), counted and never removed; if they are this service's, run: backup claim",
                    "copias de la base \(origin.database) cuyo manifiesto no nombra un servicio: \(count), cuentan y nunca se eliminan; si son de este servicio, ejecute: backup claim"
                )
                : language.choose(
                    "backups of database \(origin.database) whose server can't be compared with today's: \(count), counted and not removed",
                    "copias de la base \(origin.database) cuyo servidor no se puede comparar con el de hoy: \(count), cuentan y no se eliminan"
                )
        case .former:
            language.choose(
                "backups of this service, database \(origin.database) on \(serverWords(language)), which is not today's: \(count), left alone",
                "copias de este servicio, base \(origin.database) en \(serverWords(language)), que no es la de hoy: \(count), no se tocan"
            )
        case .foreign:
            if let service = origin.service {
                language.choose(
                    "backups of service \(service), database \(origin.database): \(count), left alone",
                    "copias del servicio \(service), base \(origin.database): \(count), no se tocan")
            } else {
                language.choose(
                    "backups of database \(origin.database), which is not this service's: \(count), left alone",
                    "copias de la base \(origin.database), que no es de este servicio: \(count), no se tocan")
            }
        }
    }

    private func serverWords(_ language: Language) -> String {
        origin.server.map { language.choose("server \($0)", "el servidor \($0)") }
            ?? language.choose("a server without an identifier", "un servidor sin identificador")
    }
}
