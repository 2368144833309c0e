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
}

extension BackupsOfOthers: Catalogue {}
