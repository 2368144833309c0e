import Glibc
package import SystemPackage

/// How large a file system is, and what this user may still write there: statvfs(3) and stat(2).
package struct FileSystemRoom: Equatable, Sendable {
    package let device: UInt
    package let total: Int
    package let free: Int

    /// Of the folder, or of the nearest one above it that is there.
    package init?(of path: FilePath) {
        var path = path
        var status = stat()
        while stat(path.string, &status) != 0 {
            guard path.removeLastComponent() else { return nil }
        }
        do throws(FileFailure) {
            try self.init(at: path)
        } catch {
            return nil
        }
    }

    package init(at path: FilePath) throws(FileFailure) {
        var status = stat()
        guard stat(path.string, &status) == 0 else {
            throw FileFailure(path: path, action: "stat", errno: Errno(rawValue: errno))
        }
        var room = statvfs()
        guard statvfs(path.string, &room) == 0 else {
            throw FileFailure(path: path, action: "statvfs", errno: Errno(rawValue: errno))
        }
        device = UInt(status.st_dev)
        total = Int(clamping: room.f_blocks).multipliedClamping(by: Int(clamping: room.f_frsize))
        free = Int(clamping: room.f_bavail).multipliedClamping(by: Int(clamping: room.f_frsize))
    }
}

extension Int {
    fileprivate func multipliedClamping(by factor: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
