import Decisions
package import Host
package import Logging
package import Reporting
package import Settings

/// `backup prune`: retention alone, of the backups that are proven to be this service's.
package struct BackupPruning {
    private var session: BackupSession

    package init(_ configuration: Configuration, logger: Logger, interruption: Interruption) {
        session = BackupSession(configuration, logger: logger, interruption: interruption, progress: { _ in })
    }

    package consuming func run() async -> BackupPruningReport {
        var report = BackupPruningReport()
        do throws(BackupFailure) {
            let lock = try await session.lock()
            let owner = try await session.owner()
            let stored = try session.backups()
            session.nameOthers(owner, in: stored)
            let planned = planned(stored, of: owner)
            report.removed = try session.remove(planned.plan, from: planned.backups)
            report.kept = planned.backups.count - report.removed.count
            try await pruneStore(owner, &report)
            lock.release()
        } catch {
            session.fail(error)
        }
        report.events = session.log.events
        report.exitStatus = session.exitStatus
        return report
    }

    /// What is removed here stays removed when the store can't be used: that is partly done.
    private mutating func pruneStore(_ owner: BackupOwner, _ report: inout BackupPruningReport)
        async throws(BackupFailure)
    {
        guard settings.upload != nil else { return }
        do throws(BackupFailure) {
            let stored = try await session.storedBackups()
            session.nameOthers(owner, in: stored)
            let planned = planned(stored, of: owner)
            report.keptInStore = planned.backups.count
            try await session.removeFromStore(
                planned.plan, from: planned.backups, removed: &report.removedFromStore)
            report.keptInStore = planned.backups.count - report.removedFromStore.count
        } catch {
            try session.failPartly(error)
        }
    }

    private func planned(_ stored: [StoredBackup], of owner: BackupOwner) -> PlannedBackups {
        PlannedBackups(stored, of: owner, policy: settings.retention, at: session.now.wall)
    }

    private var settings: Configuration.Backup { session.settings }
}

/// What `backup prune` did.
package struct BackupPruningReport: Codable, Equatable, Sendable {
    package var removed: [String] = []
    package var kept = 0
    /// The same of the store; `nil` where none is configured, or where it could not be asked.
    package var keptInStore: Int?
    package var removedFromStore: [String] = []
    package var events: [Explained] = []
    package var exitStatus: Int32 = 0
}
