import Glibc
import Host
import SystemPackage

/// The file that a process backend writes to: standard output and error, appended, never truncated and never removed
/// with the backend.
///
/// What we make belongs to the owner of the folder it is made in: a run as root by hand must not lock cron's user out.
struct ProcessLog {
    let path: FilePath
    let file: FileDescriptor
    /// Where this life of the backend begins in the file.
    private let start: Int64

    /// Makes missing folders (0700) and the file (0600). A symbolic link or anything but a regular file is refused.
    init(of name: String, in folder: FilePath) throws(FileFailure) {
        try DurableFile.makeFolder(folder, mode: .ownerReadWriteExecute)
        path = folder.appending(BackendLogName(of: name).description)
        DurableFile.makeOwned(path, mode: .ownerReadWrite)
        do {
            // Non-blocking: opening a FIFO that somebody put there fails then, instead of waiting for a reader.
            file = try FileDescriptor.open(
                path, .readWrite, options: [.create, .append, .noFollow, .closeOnExec, .nonBlocking],
                permissions: [.ownerReadWrite])
        } catch {
            throw FileFailure(path: path, action: "open", errno: error as? Errno ?? .ioError)
        }
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? file.close()
            throw FileFailure(path: path, action: "open", errno: .fileExists)
        }
        do throws(Errno) {
            try DurableFile.claim(file, in: folder, mode: nil)
        } catch {
            try? file.close()
            throw FileFailure(path: path, action: "open", errno: error)
        }
        start = Int64(status.st_size)
    }

    /// The last bytes of a log; `nil` where there is none.
    static func end(of path: FilePath, bytes: Int) -> [UInt8]? {
        // Non-blocking: a FIFO in its place would be waited for.
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.noFollow, .closeOnExec, .nonBlocking])
        else { return nil }
        defer { try? file.close() }
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
            let offset = max(0, Int64(status.st_size) - Int64(bytes))
            count = (try? file.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
    }

    /// What the backend has said so far: its last lines as one escaped line, at most 500 characters.
    func lastWords() -> String {
        let limit: Int64 = 2048
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { return "" }
        let offset = max(start, Int64(status.st_size) - limit)
        let said = withUnsafeTemporaryAllocation(byteCount: Int(limit), alignment: 1) { buffer in
            let count = (try? file.read(fromAbsoluteOffset: offset, into: buffer)) ?? 0
            return String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        let line = said.split(separator: "\n").suffix(5).joined(separator: " | ").escapingControls()
        return line.count > 500 ? "…" + line.suffix(500) : line
    }
}
