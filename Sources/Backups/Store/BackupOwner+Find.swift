package import Decisions
import Glibc
import Host
import Reporting
package import Settings

extension BackupOwner {
    /// Asks the server which it is; while that does not answer, what the last backup wrote down counts. Blocks its thread,
    /// for `DatabaseIdentity.patience` at most.
    package static func find(_ configuration: Configuration) -> BackupOwner {
        if let parameters = try? configuration.postgresParameters(), let identity = try? DatabaseIdentity(parameters) {
            return BackupOwner(configuration.service, identity)
        }
        if let source = BackupSource.load(configuration) {
            return BackupOwner(
                configuration.service, DatabaseIdentity(database: source.database, server: source.systemIdentifier))
        }
        return BackupOwner(service: configuration.service, database: configuration.database.name, server: .unasked)
    }

    init(_ service: String, _ identity: DatabaseIdentity) {
        self.init(service: service, database: identity.database, server: identity.server.map { .known($0) } ?? .hidden)
    }

    /// For names in a store: two that are not the same owner on the same server get different ones. Where the server does not
    /// say which it is, the host's name stands for it.
    var mark: String {
        let server = if case .known(let identifier) = server { identifier } else { Self.hostName }
        return BackupName.mark(of: [service, server])
    }

    /// gethostname(2)
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, 255)
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func relation(to backup: StoredBackup) -> Relation { relation(to: backup.origin) }

    /// Whether a backup is one of those that a command means that names none.
    package func counts(_ backup: StoredBackup) -> Bool { [.own, .unproven].contains(relation(to: backup)) }

    /// Those that a command leaves alone, one entry an origin.
    package func others(in backups: [StoredBackup]) -> [BackupsOfOthers] {
        Dictionary(grouping: backups, by: \.origin).compactMap { origin, backups in
            let relation = relation(to: origin)
            return relation == .own
                ? nil : BackupsOfOthers(origin: origin.escapingControls(), relation: relation, count: backups.count)
        }.sorted { Self.order($0.origin).lexicographicallyPrecedes(Self.order($1.origin)) }
    }

    private static func order(_ origin: BackupOrigin) -> [String] {
        [origin.service ?? "", origin.database, origin.server ?? ""]
    }
}

extension BackupOrigin {
    /// As people may see it: manifests in a shared folder are anybody's.
    func escapingControls() -> BackupOrigin {
        BackupOrigin(
            service: service?.escapingControls(), database: database.escapingControls(),
            server: server?.escapingControls())
    }
}

extension BackupSession {
    /// Whose backups this run counts.
    package func owner() async throws(BackupFailure) -> BackupOwner {
        do throws(DetachedThread.ThreadsExhausted) {
            return try await DetachedThread.value { [configuration] in BackupOwner.find(configuration) }
        } catch {
            throw .program(error.description)
        }
    }

    /// Says which backups stay because they are another's, or can't be proven to be ours.
    mutating func nameOthers(_ owner: BackupOwner, in backups: [StoredBackup]) {
        for others in owner.others(in: backups) {
            log.say(.leftAlone(others))
        }
    }
}
