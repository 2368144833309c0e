import Connections
import Decisions
package import Host
package import Logging
package import Reporting
package import Settings

/// `backup claim`: writes this service's name into manifests that are older than that key, so that retention may judge them.
package struct BackupClaim {
    private var session: BackupSession

    package init(_ configuration: Configuration, logger: Logger, interruption: Interruption) {
        session = BackupSession(configuration, logger: logger, interruption: interruption, progress: { _ in })
    }

    /// The server is asked, not remembered: what is claimed is claimed for good.
    /// - Parameter service: the name that this service had; `nil`: manifests that name none.
    package consuming func run(from service: String? = nil) async -> BackupClaimReport {
        var report = BackupClaimReport()
        do throws(BackupFailure) {
            let lock = try await session.lock()
            let parameters = try session.parameters()
            let identity = try await session.database { () throws(PostgresFailure) in try DatabaseIdentity(parameters) }
            for backup in try session.backups() {
                guard var manifest = backup.manifest, manifest.service == service,
                    manifest.database == identity.database,
                    service == nil || manifest.systemIdentifier == identity.server
                else { continue }
                manifest.service = session.configuration.service
                manifest.systemIdentifier = identity.server
                try rethrow(try session.folder.save(manifest, as: backup.name), as: BackupFailure.file)
                report.claimed.append(backup.name.description)
                session.log.say(.claimed(name: backup.name.description))
            }
            lock.release()
        } catch {
            session.fail(error)
        }
        report.events = session.log.events
        report.exitStatus = session.exitStatus
        return report
    }
}

/// What `backup claim` did.
package struct BackupClaimReport: Codable, Equatable, Sendable {
    package var claimed: [String] = []
    package var events: [Explained] = []
    package var exitStatus: Int32 = 0
}
