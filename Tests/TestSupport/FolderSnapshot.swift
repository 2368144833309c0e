import Foundation
import Glibc
package import SystemPackage

/// Everything that lies below a folder, and whether it was written since: owner, mode, inode, time and content.
package struct FolderSnapshot: Equatable {
    private struct Entry: Equatable {
        let mode: mode_t
        let user: UInt32
        let inode: ino_t
        let seconds: Int
        let nanoseconds: Int
        let content: Data?
    }

    private let entries: [String: Entry]

    /// - Parameter folder: itself included; one that is not there has no entries.
    package init(of folder: FilePath) {
        let below = FileManager.default.enumerator(atPath: folder.string)?.allObjects as? [String] ?? []
        var entries: [String: Entry] = [:]
        for name in below + [""] {
            let path = name.isEmpty ? folder.string : "\(folder)/\(name)"
            var info = stat()
            guard lstat(path, &info) == 0 else { continue }
            entries[name] = Entry(
                mode: info.st_mode, user: info.st_uid, inode: info.st_ino, seconds: info.st_mtim.tv_sec,
                nanoseconds: info.st_mtim.tv_nsec,
                content: info.st_mode & S_IFMT == S_IFREG ? FileManager.default.contents(atPath: path) : nil)
        }
        self.entries = entries
    }

    /// Paths below the folder, sorted.
    package var names: [String] { entries.keys.filter { !$0.isEmpty }.sorted() }

    /// Those that do not belong to that user.
    package func names(notOf user: UInt32) -> [String] {
        entries.filter { !$0.key.isEmpty && $0.value.user != user }.keys.sorted()
    }
}
