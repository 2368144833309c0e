import Glibc
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
    /// - Throws: `Errno` of mkdir(2), open(2) or chown(2).
    init(of name: String, in folder: FilePath) throws(Errno) {
        try Self.make(folder)
        path = folder.appending(name + ".log")
        do {
            // Non-blocking: opening a FIFO that somebody put there fails then, instead of waiting for a reader.
            file = try FileDescriptor.open(
                path, .readWrite, options: [.create, .append, .noFollow, .closeOnExec, .nonBlocking],
                permissions: [.ownerReadWrite])
        } catch {
            throw error as? Errno ?? .ioError
        }
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? file.close()
            throw .fileExists
        }
        start = Int64(status.st_size)
        if geteuid() == 0, let owner = try FileOwnership(of: folder, followingLinks: true) {
            fchown(file.rawValue, owner.uid, owner.gid)
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

    private static func make(_ folder: FilePath) throws(Errno) {
        if try FileOwnership(of: folder, followingLinks: true) != nil { return }
        let parent = folder.removingLastComponent()
        if parent != folder, !parent.isEmpty { try make(parent) }
        guard mkdir(folder.string, 0o700) == 0 else {
            let error = Errno(rawValue: errno)
            if error == .fileExists { return }
            throw error
        }
        if geteuid() == 0, let owner = try FileOwnership(of: parent.isEmpty ? "." : parent, followingLinks: true) {
            lchown(folder.string, owner.uid, owner.gid)
        }
    }
}
