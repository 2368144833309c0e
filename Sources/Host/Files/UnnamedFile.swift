import Glibc
package import SystemPackage

/// A file whose name is gone as soon as it is there, for a program that wants the name of one; mkstemp(3), unlink(2).
/// Nothing is left of it, however we end.
package final class UnnamedFile: Sendable {
    private let descriptor: FileDescriptor

    /// - Parameter folder: where it lies; nobody else may write there.
    package init(_ bytes: [UInt8], in folder: FilePath) throws(FileFailure) {
        var name = Array(folder.appending(".list-XXXXXX").string.utf8CString)
        let number = mkstemp(&name)
        guard number >= 0 else { throw FileFailure(path: folder, action: "mkstemp", errno: Errno(rawValue: errno)) }
        unlink(name)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        descriptor = FileDescriptor(rawValue: number)
        do {
            _ = try descriptor.writeAll(bytes)
        } catch {
            throw FileFailure(path: folder, action: "write", errno: error as? Errno ?? .ioError)
        }
    }

    deinit { try? descriptor.close() }

    /// A child, which has none of our descriptors, opens it by this name.
    package var path: String { "/proc/\(getpid())/fd/\(descriptor.rawValue)" }
}
