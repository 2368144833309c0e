import Glibc

/// An open folder (opendir(3), fdopendir(3)).
package enum FolderStream {
    /// Every name in it, `.` and `..` too, as readdir(3) gives them; closes it.
    package static func names(closing folder: OpaquePointer) -> [String] {
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}
