import Connections
import Glibc
import Host
package import SystemPackage

/// Writes a dump: `pg_dump` into a file, or through `age` into a file. Every program's own exit status is looked at.
package struct DatabaseDump: Sendable {
    package let programs: PostgresPrograms
    /// libpq's, with the password.
    package let environment: [String: String]
    package let recipients: [String]
    package let compression: Int
    package let timeout: Duration
    /// The database's own: neither the role nor PGCLIENTENCODING may have it converted. `nil`: not known.
    package var encoding: String?

    /// `pg_dump --format=custom`.
    /// - Parameters:
    ///   - part: must not be there.
    ///   - lock: the child's standard input, so that the lock is held for as long as it runs, also when we are killed.
    ///   - watch: see `ChildProcess.stream`.
    package func write(
        to part: FilePath, holding lock: FileDescriptor, watch: @escaping @Sendable () -> Bool
    ) async throws(BackupFailure) {
        let words = programs.dump(
            [
                "--format=custom", "--compress=\(compression)", "--no-password", "--lock-wait-timeout=60s",
            ] + (encoding.map { ["--encoding=\($0)"] } ?? []))
        try await run("pg_dump", words, to: part, holding: lock, watch: watch)
    }

    /// Roles, tablespaces and settings of the whole server, as SQL: `pg_dumpall --globals-only`.
    package func writeGlobals(
        to part: FilePath, database: String, holding lock: FileDescriptor, watch: @escaping @Sendable () -> Bool
    ) async throws(BackupFailure) {
        let words = try programs.dumpAll([
            "--globals-only", "--no-password", "--database=\(PostgresParameters.connectionString(database))",
        ])
        try await run("pg_dumpall", words, to: part, holding: lock, watch: watch)
    }

    private func run(
        _ program: String, _ words: CommandWords, to part: FilePath, holding lock: FileDescriptor,
        watch: @escaping @Sendable () -> Bool
    ) async throws(BackupFailure) {
        let file = try create(part)
        let input: FileDescriptor
        do {
            input = try lock.duplicate()
        } catch {
            throw .file(FileFailure(path: part, action: "dup", errno: error as? Errno ?? .ioError))
        }
        var stages = [ProgramChain.Stage(words, environment: environment)]
        if !recipients.isEmpty {
            stages.append(
                .init(CommandWords(program: "age", arguments: recipients.flatMap { ["--recipient", $0] })))
        }
        do throws(ProgramChain.Failure) {
            try await ProgramChain(stages, timeout: timeout, watch: watch).run(from: input, to: file)
        } catch {
            switch error {
            case .missing(let detail): throw .program(detail)
            case .noPipe(let errno): throw .file(FileFailure(path: part, action: "pipe", errno: errno))
            case .timedOut(let words): throw .tooSlow(words)
            case .failed(let words):
                if let failure = Self.writeFailure(part) { throw .file(failure) }
                throw .dumpFailed(program: program, says: words)
            }
        }
        try synchronize(part)
    }

    private func create(_ part: FilePath) throws(BackupFailure) -> FileDescriptor {
        do {
            let file = try FileDescriptor.open(
                part, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite)
            do {
                try DurableFile.claim(file, in: part.removingLastComponent(), mode: .ownerReadWrite)
                // The program that writes to it has the lock as well, also when we are killed: see `BackupFolder.leftovers`.
                _ = flock(file.rawValue, LOCK_EX | LOCK_NB)
            } catch {
                try? file.close()
                throw error
            }
            return file
        } catch {
            throw .file(FileFailure(path: part, action: "create", errno: error as? Errno ?? .ioError))
        }
    }

    /// Whether the file system is what failed, asked of itself: a program's words for a full disk come in many languages.
    private static func writeFailure(_ part: FilePath) -> FileFailure? {
        do {
            let file = try FileDescriptor.open(part, .writeOnly, options: [.append, .closeOnExec, .noFollow])
            try file.closeAfter {
                _ = try file.writeAll([UInt8](repeating: 0, count: 1 << 16))
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            return nil
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch {
            return FileFailure(path: part, action: "write", errno: error as? Errno ?? .ioError)
        }
    }

    private func synchronize(_ part: FilePath) throws(BackupFailure) {
        do {
            let file = try FileDescriptor.open(part, .readOnly, options: [.closeOnExec, .noFollow])
            try file.closeAfter {
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
        } catch {
            throw .file(FileFailure(path: part, action: "fsync", errno: error as? Errno ?? .ioError))
        }
    }
}
