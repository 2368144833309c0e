import Backups
import Decisions
import Fleet
import Host
import Reporting
import Settings
import SystemPackage

extension CleanupRun {
    private static func writing<Value>(_ body: () throws(FileFailure) -> Value) throws(CleanupFailure) -> Value {
        try rethrow(try body(), as: CleanupFailure.file)
    }

    // MARK: Logs

    mutating func cleanLogs() async throws(CleanupFailure) {
        do throws(CleanupFailure) {
            let prefix = configuration.backends.namePrefix
            let path = configuration.logFolder
            guard let folder = try LogFolder(path, backendPrefix: prefix) else { return }
            if !isDryRun, !folder.lock() { throw .folderInUse(path: path.string) }
            let now = now.wall
            let files = try Self.writing { () throws(FileFailure) in try folder.files(at: now) }
            let plan = CleanupPlan(files, policy: policy)
            if !isDryRun { sayWhatIsHeld(files) }
            let interruption = interruption
            try await carryOut(
                plan,
                doing: { entry throws(CleanupFailure) in
                    switch entry.verdict {
                    case .keep: return nil
                    case .remove:
                        try Self.writing { () throws(FileFailure) in try folder.remove(entry.name) }
                        return .removed(freed: entry.bytes)
                    case .rotate:
                        return .rotated(
                            to: try Self.writing { () throws(FileFailure) in try folder.rotate(entry.name, at: now) })
                    case .compress: return try await Self.compress(entry.name, in: folder, interruption)
                    }
                })
        } catch {
            try leaveOut(.logs, error)
        }
    }

    /// What could not be compressed because of who writes to it, or because that can't be known.
    private mutating func sayWhatIsHeld(_ files: [FoundFile]) {
        let rotated = files.filter { $0.role == .rotatedLog && $0.oddity == nil }
        for file in rotated where file.isWritten == true { log.say(.stillWritten(name: file.name)) }
        guard rotated.contains(where: { $0.isWritten == nil }) else { return }
        log.say(.postponed(.compression))
    }

    private static func compress(
        _ name: String, in folder: LogFolder, _ interruption: Interruption
    ) async throws(CleanupFailure) -> Outcome {
        let compression: LogFolder.Compression
        do throws(FileFailure) {
            compression = try await folder.compress(name, watch: { interruption.signal == nil })
        } catch {
            throw .file(error)
        }
        switch compression {
        case .done(let freed): return .compressed(freed: freed)
        case .stillWritten: return .stillWritten
        case .failed(let complaint): throw interruption.signal.map { .interrupted($0) } ?? .gzip(complaint)
        }
    }

    // MARK: History, state

    /// Days that were over for so long.
    mutating func cleanHistory() async throws(CleanupFailure) {
        try await clean(.history, stateFile.history.path) { name, _ in
            // Its last line is of the end of that day.
            HistoryDay(name)?.end.map { (.history, $0) }
        }
    }

    /// State files that could not be read.
    mutating func cleanStateFolder() async throws(CleanupFailure) {
        let file = stateFile.path.lastComponent?.string ?? ""
        try await clean(.state, stateFile.folder) { name, modified in
            SetAsideName(name, of: file).map { (.corruptState, max($0.time, modified)) }
        }
    }

    /// - Parameter read: what a name says; `nil` for those that are not ours. Its second argument is the time at which the
    ///   file was last written.
    private mutating func clean(
        _ part: CleanupMessage.Part, _ path: FilePath,
        _ read: (_ name: String, _ modified: Int) -> (role: FoundFile.Role, time: Int)?
    ) async throws(CleanupFailure) {
        do throws(CleanupFailure) {
            guard let folder = try rethrow(try OwnFolder(path), as: CleanupFailure.init(_:)) else { return }
            let items = try Self.writing { () throws(FileFailure) in try folder.items { read($0, 0) != nil } }
            let now = now.wall
            let files = items.compactMap { item in
                read(item.name, item.modified).map { name in
                    FoundFile(
                        name: item.name, role: name.role, bytes: item.bytes, age: now - name.time, oddity: item.oddity)
                }
            }
            try await carryOut(
                CleanupPlan(files, policy: policy),
                remove: { entry throws(CleanupFailure) in
                    guard let item = items.first(where: { $0.name == entry.name }) else { return nil }
                    try Self.writing { () throws(FileFailure) in try folder.remove(item) }
                    return .removed(freed: entry.bytes)
                })
        } catch {
            try leaveOut(part, error)
        }
    }

    // MARK: Backups

    /// The retention of `backup`, and what a killed one left; only while none is under way.
    mutating func cleanBackups() async throws(CleanupFailure) {
        do throws(CleanupFailure) {
            let session = BackupSession(configuration, logger: logger, interruption: interruption, progress: { _ in })
            let folder = session.folder
            guard (try? FileOwnership(of: folder.path, followingLinks: true))?.kind == .folder else { return }
            guard let lock = try await backupLock(session) else { return }
            let folderLock = try folderLock(folder)
            let leftovers =
                folderLock == nil ? [] : try Self.writing { () throws(FileFailure) in try folder.leftovers() }
            let backups = try Self.writing { () throws(FileFailure) in try folder.backups() }
            let owner = try await owner(session)
            let planned = PlannedBackups(backups, of: owner, policy: configuration.backup.retention, at: now.wall)
            for others in owner.others(in: backups) {
                log.say(.leftAlone(others))
            }
            let sizes = backups.map { ($0.name.description, $0.manifest?.bytes ?? 0) }
            let plan = CleanupPlan(
                leftovers.map {
                    CleanupPlan.Entry(
                        .leftover, $0, bytes: BackupFolder.size(of: folder.path.appending($0)), .remove(.leftover))
                } + CleanupPlan([planned.plan], bytes: Dictionary(sizes, uniquingKeysWith: max)).entries)
            try await carryOut(
                plan,
                remove: { entry throws(CleanupFailure) in
                    try Self.writing { () throws(FileFailure) in
                        if let name = BackupName(entry.name) {
                            try folder.remove(name)
                        } else {
                            try DurableFile.remove(folder.path.appending(entry.name))
                        }
                    }
                    return .removed(freed: entry.bytes)
                })
            withExtendedLifetime(folderLock) {}
            withExtendedLifetime(lock) {}
        } catch {
            try leaveOut(.backups, error)
        }
    }

    private func owner(_ session: BackupSession) async throws(CleanupFailure) -> BackupOwner {
        do throws(BackupFailure) {
            return try await session.owner()
        } catch {
            throw .backup(error)
        }
    }

    /// - Returns: `nil` while a backup, of whichever service, is under way in the folder: what is unfinished may be its.
    private func folderLock(_ folder: BackupFolder) throws(CleanupFailure) -> BackupLock? {
        if isDryRun { return RunLock.isHeld(folder: folder.path) ? nil : BackupLock(lock: nil) }
        do throws(RunLock.Failure) {
            return BackupLock(lock: try RunLock(folder: folder.path))
        } catch {
            guard case .held = error else { throw CleanupFailure(lock: error) }
            return nil
        }
    }

    /// A lock, or in a dry run the absence of somebody who has it.
    private struct BackupLock: ~Copyable {
        let lock: RunLock?
    }

    /// - Returns: `nil` where a backup is under way: it removes by itself what the rules keep no longer.
    private mutating func backupLock(_ session: BackupSession) async throws(CleanupFailure) -> BackupLock? {
        do throws(BackupFailure) {
            let path = configuration.places.backupLock
            guard isDryRun else { return BackupLock(lock: try await session.lock()) }
            if RunLock.isHeld(path) { throw .busy(path: path.string) }
            return BackupLock(lock: nil)
        } catch {
            guard case .busy(let path) = error else { throw .backup(error) }
            log.say(.postponed(.backups(lock: path)))
            return nil
        }
    }
}
