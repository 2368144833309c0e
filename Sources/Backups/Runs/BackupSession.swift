import Connections
import Decisions
import Fleet
package import Host
package import Logging
import Reporting
package import Settings
import SystemPackage

/// How far a long part of a backup is.
package struct BackupProgress: Sendable {
    package enum Phase: Sendable, Catalogue {
        case dumping
        case verifying
        case uploading
        case restoring
    }

    package let phase: Phase
    /// What there is of it by now.
    package let bytes: Int
    package let seconds: Double
}

/// What all commands of `backup` have in common.
package struct BackupSession {
    let configuration: Configuration
    package let folder: BackupFolder
    let interruption: Interruption
    let progress: @Sendable (BackupProgress) -> Void
    private(set) var now: Moment
    var log: RunLog<BackupMessage>
    /// What it failed by first, which names the exit status.
    private(set) var failure: BackupFailure?

    package init(
        _ configuration: Configuration, logger: Logger, interruption: Interruption,
        progress: @escaping @Sendable (BackupProgress) -> Void
    ) {
        self.configuration = configuration
        folder = BackupFolder(configuration.backup.folder)
        self.interruption = interruption
        self.progress = progress
        now = .now()
        log = RunLog(logger, language: configuration.language)
    }

    var settings: Configuration.Backup { configuration.backup }

    /// How long a `monitor` may hold the lock that only looks whether somebody else does.
    private static let glance = Duration.milliseconds(200)

    package func lock() async throws(BackupFailure) -> RunLock {
        let path = configuration.places.backupLock
        for file in [path, folder.path.appending("any")] {
            try rethrow(try FileOwnership.check(file, followsFolderOwner: true), as: BackupFailure.unsafe)
        }
        try rethrow(
            try StateFile(configuration.stateFile).claim(for: configuration.service), as: BackupFailure.state)
        try rethrow(
            try DurableFile.makeFolder(path.removingLastComponent(), mode: .ownerReadWriteExecute),
            as: BackupFailure.file)
        do throws(RunLock.Failure) {
            return try await RunLock.waiting(for: path, before: Deadline(after: Self.glance))
        } catch {
            throw Self.lockFailure(error)
        }
    }

    /// The lock of the folder of the backups, which other services may use, too: what is under way there has to end first,
    /// `BACKUP_TIMEOUT` at most. The time of this run counts from then on.
    mutating func lockFolder() async throws(BackupFailure) -> RunLock {
        try rethrow(try folder.make(), as: BackupFailure.file)
        do throws(RunLock.Failure) {
            return try await RunLock.waiting(for: folder.path, isFolder: true, before: Deadline(after: Self.glance))
        } catch {
            guard case .held = error else { throw Self.lockFailure(error) }
            log.say(.waitingForFolder(folder.path.string))
        }
        do throws(RunLock.Failure) {
            let lock = try await RunLock.waiting(
                for: folder.path, isFolder: true, before: Deadline(after: settings.timeout),
                while: { interruption.signal == nil })
            now = .now()
            return lock
        } catch {
            try stopIfInterrupted()
            throw Self.lockFailure(error)
        }
    }

    private static func lockFailure(_ failure: RunLock.Failure) -> BackupFailure {
        switch failure {
        case .unusable(let failure): .file(failure)
        case .held(let path): .busy(path: path)
        }
    }

    func parameters() throws(BackupFailure) -> PostgresParameters {
        return try rethrow(try configuration.postgresParameters(), as: BackupFailure.file)
    }

    func reader(_ programs: PostgresPrograms) -> DumpReader {
        DumpReader(programs: programs, identityFile: settings.identityFile, timeout: settings.timeout)
    }

    /// For `ChildProcess.stream`: tells how far it is, and ends the child when we are asked to end.
    func watch(_ phase: BackupProgress.Phase, _ bytes: @escaping @Sendable () -> Int) -> @Sendable () -> Bool {
        let begin = ContinuousClock.now
        return { [progress, interruption] in
            progress(
                .init(phase: phase, bytes: bytes(), seconds: begin.duration(to: .now) / .seconds(1)))
            return interruption.signal == nil
        }
    }

    func stopIfInterrupted() throws(BackupFailure) {
        if let signal = interruption.signal { throw .interrupted(signal) }
    }

    /// Blocking work on a thread of its own.
    func database<Value: Sendable>(
        _ body: @escaping @Sendable () throws(PostgresFailure) -> Value
    ) async throws(BackupFailure) -> Value {
        let result: Result<Value, PostgresFailure>
        do throws(DetachedThread.ThreadsExhausted) {
            result = try await DetachedThread.value { Result { () throws(PostgresFailure) in try body() } }
        } catch {
            throw .program(error.description)
        }
        return try rethrow(try result.get(), as: BackupFailure.database)
    }

    /// A whole backup: the named one, or the newest of those that count and are not of the future.
    /// - Parameter ofOthers: whether one of another service may be named.
    func backup(
        named name: String?, ofOthers: Bool = false
    ) async throws(BackupFailure) -> (name: BackupName, manifest: BackupManifest) {
        let all = try backups()
        let owner = try await owner()
        guard let name else {
            for backup in all where owner.counts(backup) && backup.name.time <= Moment.now().wall {
                if case .whole(let manifest) = backup.standing { return (backup.name, manifest) }
            }
            throw noBackups(owner, among: all)
        }
        let backup = try self.backup(name, among: all)
        if !ofOthers { try refuseForeign(backup, owner) }
        switch backup.standing {
        case .whole(let manifest): return (backup.name, manifest)
        case .broken(_, let flaw), .unknown(let flaw): throw .notWhole(name: name, flaw)
        }
    }

    func backup(_ name: String, among all: [StoredBackup]) throws(BackupFailure) -> StoredBackup {
        guard let backup = all.first(where: { $0.name.description == name }) else {
            throw .noSuchBackup(name: name.escapingControls(), folder: folder.path.string)
        }
        return backup
    }

    /// What writes into a manifest is its own service's.
    func refuseForeign(_ backup: StoredBackup, _ owner: BackupOwner) throws(BackupFailure) {
        guard owner.relation(to: backup) == .foreign else { return }
        throw .foreign(
            name: backup.name.description, service: backup.origin.service?.escapingControls(),
            database: backup.origin.database.escapingControls())
    }

    /// Says what there is instead.
    func noBackups(_ owner: BackupOwner, among all: [StoredBackup]) -> BackupFailure {
        .noBackups(
            folder: folder.path.string, others: owner.others(in: all).filter { $0.relation != .unproven })
    }

    func backups() throws(BackupFailure) -> [StoredBackup] {
        return try rethrow(try folder.backups(), as: BackupFailure.file)
    }

    mutating func fail(_ failure: BackupFailure) {
        switch failure {
        case .interrupted: log.say(.interrupted)
        case .restoredDiffering(let difference): log.say(.differs(difference))
        default: log.say(.failed(failure))
        }
        self.failure = self.failure ?? failure
    }

    var exitStatus: Int32 { (failure?.exitStatus ?? .done).rawValue }

    /// What was done when we were ended by a signal is not what failed.
    func orInterrupted(_ failure: BackupFailure) -> BackupFailure {
        interruption.signal.map { .interrupted($0) } ?? failure
    }

    var elapsedMilliseconds: Int { Int(now.elapsed(until: .now()) / .milliseconds(1)) }
}

extension ContinuousClock.Instant {
    var secondsAgo: Double { duration(to: .now) / .seconds(1) }
}
