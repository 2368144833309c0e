import Connections
package import Decisions
import Host
package import Settings

extension BackupListing {
    /// What the configured store has, and what the next retention there would do with it.
    /// - Throws: `.noStore`, `.store`.
    package static func ofStore(
        _ configuration: Configuration, at now: Moment = .now()
    ) async throws(BackupFailure) -> BackupListing {
        guard let location = configuration.backup.upload else { throw .noStore }
        let result = try await configuration.inStore { store throws(StoreFailure) in try store.backups() }
        let owner = try await owner(configuration)
        do throws(StoreFailure) {
            return BackupListing(
                try result.get(), of: owner, in: location.url, policy: configuration.backup.retention, at: now,
                language: configuration.language)
        } catch {
            throw .store(error)
        }
    }
}
