package import Decisions
import Fleet
import Glibc
package import Host
package import SystemPackage

/// The folder of the logs: what cron's lines append to, what was rotated, and what process backends write.
///
/// A log is rotated by its name alone: a shell of cron that holds it open goes on writing to the renamed file, so no line
/// is lost. It is compressed by a later run, when the kernel says that nobody has it open for writing any more.
package struct LogFolder: Sendable {
    private let folder: OwnFolder
    private let backendPrefix: String
    /// What a compression may take.
    private static let patience = Duration.seconds(600)

    /// - Parameter backendPrefix: what the names of backends begin with.
    /// - Returns: `nil` where there is none.
    package init?(_ path: FilePath, backendPrefix: String) throws(CleanupFailure) {
        guard let folder = try rethrow(try OwnFolder(path), as: CleanupFailure.init(_:)) else { return nil }
        self.folder = folder
        self.backendPrefix = backendPrefix
    }

    package func lock() -> Bool { folder.lock() }

    /// Everything that bears a name of ours.
    package func files(at now: Int) throws(FileFailure) -> [FoundFile] {
        let prefix = backendPrefix
        return try folder.items { LogName($0, backendPrefix: prefix) != nil }.compactMap { item in
            guard let name = LogName(item.name, backendPrefix: prefix) else { return nil }
            let isQuestion = item.oddity == nil && (name.role == .rotatedLog || name.role == .backendLog)
            return FoundFile(
                name: item.name, role: name.role, bytes: item.bytes, age: now - max(item.modified, name.time ?? .min),
                oddity: item.oddity, isWritten: isQuestion ? isWritten(item) : false)
        }
    }

    private func isWritten(_ item: OwnFolder.Item) -> Bool? {
        guard let file = try? folder.open(item) else { return nil }
        defer { try? file.close() }
        do throws(ReadLease.Refusal) {
            _ = try ReadLease(file)
            return false
        } catch {
            return error == .written ? true : nil
        }
    }

    private func item(_ name: String) throws(FileFailure) -> OwnFolder.Item {
        guard let item = try folder.items(where: { $0 == name }).first else {
            throw folder.failure("open", name, .noSuchFileOrDirectory)
        }
        return item
    }

    package func remove(_ name: String) throws(FileFailure) { try folder.remove(try item(name)) }

    /// - Returns: its new name.
    package func rotate(_ name: String, at now: Int) throws(FileFailure) -> String {
        let rotated = "\(name).\(CompactTime(now))"
        try folder.rename(try item(name), to: rotated)
        return rotated
    }

    package enum Compression: Equatable, Sendable {
        /// The bytes that are free again.
        case done(freed: Int)
        /// Somebody writes to it, or wants to: it stays as it is.
        case stillWritten
        case failed(String)
    }

    /// Puts `NAME.gz` in the place of a rotated file: written beside it, made durable, then renamed, and only then is
    /// the original removed. A kill in between leaves the original, and the next run begins again.
    /// - Parameter watch: asked ten times a second whether to go on.
    package func compress(
        _ name: String, watch: @escaping @Sendable () -> Bool = { true }
    ) async throws(FileFailure) -> Compression {
        let item = try item(name)
        let source = try folder.open(item)
        defer { try? source.close() }
        let lease: ReadLease
        do throws(ReadLease.Refusal) {
            lease = try ReadLease(source)
        } catch {
            return .stillWritten
        }
        let part = "\(name).gz.part"
        let target = try folder.create(part)
        defer { try? target.close() }
        if let complaint = try await compress(source, into: target, watch: watch) {
            folder.discard(part)
            return lease.isUndisputed ? .failed(complaint) : .stillWritten
        }
        guard fsync(target.rawValue) == 0 else {
            let failure = folder.failure("fsync", part)
            folder.discard(part)
            throw failure
        }
        guard lease.isUndisputed, try self.item(name) == item else {
            folder.discard(part)
            return .stillWritten
        }
        try folder.replace("\(name).gz", with: part)
        guard lease.isUndisputed else {
            folder.discard("\(name).gz")
            return .stillWritten
        }
        try folder.remove(item)
        var status = stat()
        fstat(target.rawValue, &status)
        return .done(freed: item.bytes - Int(status.st_size))
    }

    /// - Returns: what gzip(1) complained of.
    private func compress(
        _ source: FileDescriptor, into target: FileDescriptor, watch: @escaping @Sendable () -> Bool
    ) async throws(FileFailure) -> String? {
        let input = try duplicate(source)
        let output: FileDescriptor
        do throws(FileFailure) {
            output = try duplicate(target)
        } catch {
            try? input.close()
            throw error
        }
        do throws(ChildProcessFailure) {
            let result = try await ChildProcess.stream(
                CommandWords(program: "gzip", arguments: ["-c"]), input: input, output: output, timeout: Self.patience,
                watch: { ReadLease.isUndisputed(source) && watch() })
            return result.termination.isSuccess ? nil : "gzip: \(result.summary)"
        } catch {
            return error.description
        }
    }

    /// For a child that takes its descriptor over.
    private func duplicate(_ file: FileDescriptor) throws(FileFailure) -> FileDescriptor {
        let copy = fcntl(file.rawValue, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw folder.failure("dup") }
        return FileDescriptor(rawValue: copy)
    }
}

/// What the name of a file in the folder of the logs says.
struct LogName: Equatable {
    let role: FoundFile.Role
    /// Unix time at which it was rotated.
    let time: Int?

    /// Whose output the shipped crontab appends to a log.
    private static let programs = ["autoscale", "backup", "cleanup", "healthcheck"]

    /// `nil` for names that are not ours.
    init?(_ name: String, backendPrefix: String) {
        for program in Self.programs where name.hasPrefix("\(program).log") {
            let rest = name.dropFirst(program.utf8.count + 4)
            if rest.isEmpty {
                self.init(role: .log, time: nil)
                return
            }
            guard rest.first == ".", let time = CompactTime(rest.dropFirst().prefix(15)) else { return nil }
            switch rest.dropFirst(16) {
            case "": self.init(role: .rotatedLog, time: time.seconds)
            case ".gz": self.init(role: .compressedLog, time: time.seconds)
            case ".gz.part": self.init(role: .leftover, time: time.seconds)
            default: return nil
            }
            return
        }
        guard BackendLogName(name, prefix: backendPrefix) != nil else { return nil }
        self.init(role: .backendLog, time: nil)
    }

    private init(role: FoundFile.Role, time: Int?) {
        self.role = role
        self.time = time
    }
}
