import Glibc
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
        return Contents(sha256: sha256, bytes: bytes, tables: try tables.get())
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
    ) async -> Result<[DumpRows.Table], BackupFailure> {
        do throws(BackupFailure) {
            let text: Pipe
            do throws(Errno) {
                text = try Pipe()
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

    /// Gives the dump, decrypted where that is needed, to `pg_restore` as its standard input.
    /// - Returns: what the programs had to complain of; `nil`: nothing.
    package func restore(
        _ path: FilePath, isEncrypted: Bool, _ arguments: [String], environment: [String: String] = [:],
        output: FileDescriptor? = nil, watch: @escaping @Sendable () -> Bool
    ) async -> Result<String?, BackupFailure> {
        do throws(BackupFailure) {
            var stages = [ProgramChain.Stage(programs.restore(arguments), environment: environment)]
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
                try await ProgramChain(stages, timeout: timeout, watch: watch).run(from: file, to: output)
                return .success(nil)
            } catch {
                switch error {
                case .missing(let detail): throw .program(detail)
                case .noPipe(let errno): throw .file(FileFailure(path: path, action: "pipe", errno: errno))
                case .failed(let words): return .success(words)
                }
            }
        } catch {
            return .failure(error)
        }
    }

    private func rows(from end: FileDescriptor) async -> Result<[DumpRows.Table], BackupFailure> {
        do throws(DetachedThread.ThreadsExhausted) {
            return try await DetachedThread.value {
                defer { try? end.close() }
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
                defer { buffer.deallocate() }
                var rows = DumpRows()
                while let count = try? end.read(into: buffer), count > 0 {
                    rows.consume(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
                }
                return .success(rows.tables)
            }
        } catch {
            try? end.close()
            return .failure(.program(error.description))
        }
    }
}
