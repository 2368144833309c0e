import Connections
import Decisions
import FoundationEssentials
import Host
import Reporting
import Settings

extension Configuration {
    /// Asks the configured store, on a thread of its own; all of it takes `BACKUP_TIMEOUT` at most.
    func inStore<Value: Sendable>(
        isStopped: @escaping @Sendable () -> Bool = { false },
        _ body: @escaping @Sendable (BackupStore) throws(StoreFailure) -> Value
    ) async throws(BackupFailure) -> Result<Value, StoreFailure> {
        guard let location = backup.upload else { throw .noStore }
        let credentials: StoreCredentials
        do throws(StoreFailure) {
            credentials = try StoreCredentials.find(in: ProcessInfo.processInfo.environment)
        } catch {
            return .failure(error)
        }
        let store = BackupStore(
            store: S3Store(
                location, credentials: credentials, before: Deadline(after: backup.timeout), isStopped: isStopped))
        do throws(DetachedThread.ThreadsExhausted) {
            return try await DetachedThread.value { Result { () throws(StoreFailure) in try body(store) } }
        } catch {
            throw .program(error.description)
        }
    }
}

extension BackupSession {
    /// Ends what is under way when we are asked to end.
    func inStore<Value: Sendable>(
        _ body: @escaping @Sendable (BackupStore) throws(StoreFailure) -> Value
    ) async throws(BackupFailure) -> Result<Value, StoreFailure> {
        let result = try await configuration.inStore(
            isStopped: { [interruption] in interruption.signal != nil }, body)
        try stopIfInterrupted()
        return result
    }

    /// Carries a plan out in the store, oldest first.
    /// - Parameter removed: gets the names of those that are gone, also when a later one can't be removed.
    mutating func removeFromStore(
        _ plan: RetentionPlan, from backups: [StoredBackup], removed: inout [String]
    ) async throws(BackupFailure) {
        for name in plan.removed {
            guard let backup = backups.first(where: { $0.name.description == name }) else { continue }
            let result = try await inStore { store throws(StoreFailure) in
                try store.remove(backup)
                return store.url(name)
            }
            let url = try rethrow(try result.get(), as: BackupFailure.store)
            log.say(.removed(name: url, bytes: backup.manifest?.bytes ?? 0))
            removed.append(name)
        }
    }

    /// What the store has.
    func storedBackups(of database: String? = nil) async throws(BackupFailure) -> [StoredBackup] {
        let result = try await inStore { store throws(StoreFailure) in try store.backups(of: database) }
        return try rethrow(try result.get(), as: BackupFailure.store)
    }

    /// For what is done beside the work here, which stays done.
    mutating func failPartly(_ failure: BackupFailure) throws(BackupFailure) {
        guard case .store = failure else { throw failure }
        fail(.partly(failure))
    }
}
