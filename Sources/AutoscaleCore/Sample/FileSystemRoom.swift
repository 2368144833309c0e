import Glibc
package import SystemPackage

/// How large a file system is, and what this user may still write there: statvfs(3) and stat(2) of the folder, or of the
/// nearest one above it that is there.
package struct FileSystemRoom: Equatable, Sendable {
    package let device: UInt
    package let total: Int
    package let free: Int

    package init?(of path: FilePath) {
        var path = path
        var status = stat()
        while stat(path.string, &status) != 0 {
            guard path.removeLastComponent() else { return nil }
        }
        var room = statvfs()
        guard statvfs(path.string, &room) == 0 else { return nil }
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
