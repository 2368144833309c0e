import Glibc
import Host
package import SystemPackage

/// Reads a dump to its end: with `pg_restore`, which must find nothing wrong in it, and byte for byte for its checksum.
package struct DumpReader: Sendable {
    package let programs: PostgresPrograms
    package let identityFile: FilePath?
    package let timeout: Duration

    package struct Contents: Sendable {
        package let sha256: String
        package let bytes: Int
        package let tables: [DumpRows.Table]
        /// PostgreSQL's name; see `DumpRows`.
        package var encoding = "UTF8"
    }

    /// Both readings are of one open file, at the same time: the second finds its pages in memory.
    package func read(
        _ path: FilePath, isEncrypted: Bool, watch: @escaping @Sendable () -> Bool
    ) async throws(BackupFailure) -> Contents {
        let name = path.lastComponent?.string ?? path.string
        async let summed = checksum(of: path)
        async let counted = count(path, name, isEncrypted: isEncrypted, watch: watch)
        let (sum, tables) = await (summed, counted)
        let (sha256, bytes) = try sum.get()
        let rows = try tables.get()
        return Contents(sha256: sha256, bytes: bytes, tables: rows.tables, encoding: rows.encoding)
    }

    /// SHA-256 and length alone: what can be said of an encrypted file without its identity.
    package func checksum(of path: FilePath) async -> Result<(hex: String, bytes: Int), BackupFailure> {
        do throws(DetachedThread.ThreadsExhausted) {
            return try await DetachedThread.value {
                do {
                    let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
                    defer { try? file.close() }
                    return .success(try Checksum.sha256(of: file))
                } catch {
                    return .failure(
                        .file(FileFailure(path: path, action: "read", errno: error as? Errno ?? .ioError)))
                }
            }
        } catch {
            return .failure(.program(error.description))
        }
    }

    private func count(
        _ path: FilePath, _ name: String, isEncrypted: Bool, watch: @escaping @Sendable () -> Bool
    ) async -> Result<DumpRows, BackupFailure> {
        do throws(BackupFailure) {
            let text: PipeEnds
            do throws(Errno) {
                text = try PipeEnds()
            } catch {
                throw .file(FileFailure(path: path, action: "pipe", errno: error))
            }
            async let counted = rows(from: text.readEnd)
            async let restored = restore(
                path, isEncrypted: isEncrypted, ["--data-only", "--file=-"], output: text.writeEnd, watch: watch)
            let (rows, outcome) = await (counted, restored)
            if let complaint = try outcome.get() { throw .unreadable(name: name, why: complaint) }
            return rows
        } catch {
            return .failure(error)
        }
    }

    /// The SQL that `pg_restore` makes of the dump's table of contents; it stops reading where that ends.
    package func statements(
        _ path: FilePath, isEncrypted: Bool, _ arguments: [String], watch: @escaping @Sendable () -> Bool
    ) async throws(BackupFailure) -> [UInt8] {
        let text: PipeEnds
        do throws(Errno) {
            text = try PipeEnds()
        } catch {
            throw .file(FileFailure(path: path, action: "pipe", errno: error))
        }
        async let collected = Self.bytes(from: text.readEnd)
        let complaint = try await restore(
            path, isEncrypted: isEncrypted, arguments + ["--file=-"], output: text.writeEnd, lastDecides: true,
            watch: watch
        ).get()
        let bytes = await collected
        if let complaint { throw .unreadable(name: path.lastComponent?.string ?? path.string, why: complaint) }
        return bytes
    }

    static func bytes(from end: FileDescriptor) async -> [UInt8] {
        let bytes = try? await DetachedThread.value {
            defer { try? end.close() }
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while let count = buffer.withUnsafeMutableBytes({ try? end.read(into: $0) }), count > 0 {
                all.append(contentsOf: buffer[..<count])
            }
            return all
        }
        return bytes ?? []
    }

    /// Gives the dump, decrypted where that is needed, to `pg_restore` as its standard input.
    /// - Returns: what the programs had to complain of; `nil`: nothing.
    package func restore(
        _ path: FilePath, isEncrypted: Bool, _ arguments: [String], environment: [String: String] = [:],
        output: FileDescriptor? = nil, lastDecides: Bool = false, watch: @escaping @Sendable () -> Bool
    ) async -> Result<String?, BackupFailure> {
        do throws(BackupFailure) {
            var stages: [ProgramChain.Stage]
            do throws(BackupFailure) {
                stages = [ProgramChain.Stage(try programs.restore(arguments), environment: environment)]
            } catch {
                try? output?.close()
                throw error
            }
            if isEncrypted {
                guard let identityFile else {
                    try? output?.close()
                    throw .noIdentity(name: path.lastComponent?.string ?? path.string)
                }
                let age = CommandWords(program: "age", arguments: ["--decrypt", "--identity", identityFile.string])
                stages.insert(.init(age), at: 0)
            }
            let file: FileDescriptor
            do {
                file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
            } catch {
                try? output?.close()
                throw .file(FileFailure(path: path, action: "open", errno: error as? Errno ?? .ioError))
            }
            do throws(ProgramChain.Failure) {
                try await ProgramChain(stages, timeout: timeout, watch: watch).run(
                    from: file, to: output, lastDecides: lastDecides)
                return .success(nil)
            } catch {
                switch error {
                case .missing(let detail): throw .program(detail)
                case .noPipe(let errno): throw .file(FileFailure(path: path, action: "pipe", errno: errno))
                case .timedOut(let words): throw .tooSlow(words)
                case .failed(let words):
                    if isEncrypted, watch() { try await checkKey(path, watch: watch) }
                    return .success(words)
                }
            }
        } catch {
            return .failure(error)
        }
    }

    /// When something failed: whether it was the key. The programs behind age(1) only see that its text ends.
    private func checkKey(_ path: FilePath, watch: @escaping @Sendable () -> Bool) async throws(BackupFailure) {
        guard let identityFile, let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) else {
            return
        }
        let age = CommandWords(program: "age", arguments: ["--decrypt", "--identity", identityFile.string])
        do throws(ProgramChain.Failure) {
            try await ProgramChain([.init(age)], timeout: timeout, watch: watch).run(from: file, to: nil)
        } catch {
            guard case .failed(let words) = error, watch() else { return }
            throw .wrongKey(
                name: path.lastComponent?.string ?? path.string, identity: identityFile.string, why: words)
        }
    }

    private func rows(from end: FileDescriptor) async -> Result<DumpRows, BackupFailure> {
        do throws(DetachedThread.ThreadsExhausted) {
            return try await DetachedThread.value {
                defer { try? end.close() }
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
                defer { buffer.deallocate() }
                var rows = DumpRows()
                while let count = try? end.read(into: buffer), count > 0 {
                    rows.consume(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
                }
                return .success(rows)
            }
        } catch {
            try? end.close()
            return .failure(.program(error.description))
        }
    }
}
