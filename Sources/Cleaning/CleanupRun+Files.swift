import Backups
import Decisions
import Fleet
import Host
import Reporting
import Settings
import SystemPackage

extension CleanupRun {
    private static func writing<Value>(_ body: () throws(FileFailure) -> Value) throws(CleanupFailure) -> Value {
        do throws(FileFailure) {
            return try body()
        } catch {
            throw .file(error)
        }
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
            try await carryOut(plan) { entry throws(CleanupFailure) in
                let outcome: Outcome
                do throws(FileFailure) {
                    outcome = try await Self.outcome(of: entry, in: folder, at: now, interruption)
                } catch {
                    throw .file(error)
                }
                if case .failed = outcome, let signal = interruption.signal { throw .interrupted(signal) }
                return outcome
            }
        } catch {
            try leaveOut(.logs, error)
        }
    }

    /// What could not be compressed because of who writes to it, or because that can't be known.
    private mutating func sayWhatIsHeld(_ files: [FoundFile]) {
        let rotated = files.filter { $0.role == .rotatedLog && $0.oddity == nil }
        for file in rotated where file.isWritten == true { log.say(.stillWritten(name: file.name)) }
        guard rotated.contains(where: { $0.isWritten == nil }) else { return }
        log.say(.postponed(.logs, why: CleanupReason.writersUnknown.sentence(in: configuration.language)))
    }

    private static func outcome(
        of entry: CleanupPlan.Entry, in folder: LogFolder, at now: Int, _ interruption: Interruption
    ) async throws(FileFailure) -> Outcome {
        switch entry.action {
        case .keep: return .stillWritten
        case .remove:
            try folder.remove(entry.name)
            return .removed(freed: entry.bytes)
        case .rotate: return .rotated(to: try folder.rotate(entry.name, at: now))
        case .compress:
            return switch try await folder.compress(entry.name, watch: { interruption.signal == nil }) {
            case .done(let freed): .compressed(freed: freed)
            case .stillWritten: .stillWritten
            case .failed(let words): .failed(words)
            }
        }
    }

    // MARK: History, state

    /// Days that were over for so long.
    mutating func cleanHistory() async throws(CleanupFailure) {
        try await clean(.history, stateFile.history.path) { name, _ in
            guard name.hasSuffix(".jsonl") else { return nil }
            let date = name.dropLast(6)
            guard date.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [4, 2, 2] else {
                return nil
            }
            // Its last line is of the end of that day.
            return CompactTime(date: date.filter { $0 != "-" }, clock: "235959").map { (.history, $0.seconds) }
        }
    }

    /// What `StateFile.setAside` made.
    mutating func cleanStateFolder() async throws(CleanupFailure) {
        let prefix = "\(stateFile.path.lastComponent?.string ?? "").corrupt-"
        try await clean(.state, stateFile.folder) { name, modified in
            guard name.hasPrefix(prefix) else { return nil }
            let stamp = name.dropFirst(prefix.utf8.count).prefix { $0 != "_" }  // 20240115T143000Z
            guard stamp.utf8.count == 16, stamp.hasSuffix("Z") else { return nil }
            let parts = stamp.dropLast().split(separator: "T", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            return CompactTime(date: parts[0], clock: parts[1]).map { (.corruptState, max($0.seconds, modified)) }
        }
    }

    /// - Parameter read: what a name says; `nil` for those that are not ours. Its second argument is the time at which the
    ///   file was last written.
    private mutating func clean(
        _ part: CleanupMessage.Part, _ path: FilePath,
        _ read: (_ name: String, _ modified: Int) -> (role: FoundFile.Role, time: Int)?
    ) async throws(CleanupFailure) {
        do throws(CleanupFailure) {
            guard let folder = try rethrow(try OwnFolder(path), as: CleanupFailure.init) else { return }
            let items = try Self.writing { () throws(FileFailure) in try folder.items { read($0, 0) != nil } }
            let now = now.wall
            let files = items.compactMap { item in
                read(item.name, item.modified).map { name in
                    FoundFile(
                        name: item.name, role: name.role, bytes: item.bytes, age: now - name.time, oddity: item.oddity)
                }
            }
            try await carryOut(CleanupPlan(files, policy: policy)) { entry throws(CleanupFailure) in
                guard let item = items.first(where: { $0.name == entry.name }) else { return .removed(freed: 0) }
                try Self.writing { () throws(FileFailure) in try folder.remove(item) }
                return .removed(freed: entry.bytes)
            }
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
                log.say(.leftAlone(others.sentence(in: configuration.language).escapingControls()))
            }
            let sizes = backups.map { ($0.name.description, $0.manifest?.bytes ?? 0) }
            let plan = CleanupPlan(
                leftovers.map {
                    CleanupPlan.Entry(
                        .leftover, $0, bytes: BackupFolder.size(of: folder.path.appending($0)), .remove, .leftover)
                } + CleanupPlan([planned.plan], bytes: Dictionary(sizes, uniquingKeysWith: max)).entries)
            try await carryOut(plan) { entry throws(CleanupFailure) in
                try Self.writing { () throws(FileFailure) in
                    if let name = BackupName(entry.name) {
                        try folder.remove(name)
                    } else {
                        try DurableFile.remove(folder.path.appending(entry.name))
                    }
                }
                return .removed(freed: entry.bytes)
            }
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
            switch error {
            case .held: return nil
            case .unusable(let failure): throw .file(failure)
            }
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
            log.say(
                .postponed(
                    .backups,
                    why: configuration.language.choose(
                        "a backup is under way (it holds \(path))", "hay una copia en curso (tiene \(path))")))
            return nil
        }
    }
}
