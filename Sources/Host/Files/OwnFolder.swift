package import Decisions
import Glibc
package import SystemPackage

/// A folder of ours, held open: what lies in it is looked at and changed through the descriptor, so that no link leads
/// anywhere else, whoever exchanges what meanwhile.
package final class OwnFolder: Sendable {
    /// A name in it, as it was seen.
    package struct Item: Equatable, Sendable {
        package let name: String
        package let bytes: Int
        /// Unix time at which it was last written.
        package let modified: Int
        package let oddity: FoundFile.Oddity?
        fileprivate let device: dev_t
        fileprivate let inode: ino_t
    }

    /// Why it can't be opened.
    package enum Failure: Error, Equatable {
        case unsafe(UnsafeFile)
        case file(FileFailure)
    }

    package let path: FilePath
    let descriptor: FileDescriptor
    private let device: dev_t

    /// - Returns: `nil` where there is none.
    package init?(_ path: FilePath) throws(Failure) {
        self.path = path
        do throws(UnsafeFile) {
            try FileOwnership.checkFolder(path)
            try FileOwnership.check(path.appending("any"), followsFolderOwner: true)
        } catch {
            throw .unsafe(error)
        }
        let opened = Glibc.open(path.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(FileFailure(path: path, action: "open", errno: Errno(rawValue: errno)))
        }
        var status = stat()
        guard fstat(opened, &status) == 0 else {
            let failure = FileFailure(path: path, action: "fstat", errno: Errno(rawValue: errno))
            close(opened)
            throw .file(failure)
        }
        descriptor = FileDescriptor(rawValue: opened)
        device = status.st_dev
    }

    deinit { try? descriptor.close() }

    /// Keeps every other `cleanup` out of this folder until it is closed: flock(2) of the folder itself. Services whose
    /// configurations lie in one folder share their logs, and have a lock of their own each.
    /// - Returns: whether it is ours.
    package func lock() -> Bool { flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 }

    /// Every name that the body wants, sorted.
    package func items(where isWanted: (String) -> Bool) throws(FileFailure) -> [Item] {
        let copy = openat(descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw failure("open") }
        guard let folder = fdopendir(copy) else {
            let failure = failure("opendir")
            close(copy)
            throw failure
        }
        return FolderStream.names(closing: folder).filter(isWanted).compactMap { item($0) }.sorted { $0.name < $1.name }
    }

    /// `nil` where nothing bears that name. Wraps fstatat(2), which follows no link here.
    private func item(_ name: String) -> Item? {
        var status = stat()
        guard fstatat(descriptor.rawValue, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return item(name, status)
    }

    private func item(_ name: String, _ status: stat) -> Item {
        let oddity: FoundFile.Oddity? =
            switch status.st_mode & S_IFMT {
            case S_IFLNK: .link
            case S_IFREG where status.st_dev != device: .otherDevice
            case S_IFREG: status.st_nlink > 1 ? .secondName : nil
            default: .notAFile
            }
        return Item(
            name: name, bytes: Int(status.st_size), modified: max(0, status.st_mtim.tv_sec), oddity: oddity,
            device: status.st_dev, inode: status.st_ino)
    }

    /// Removes a file that is still the one that was seen; one that is gone is fine.
    package func remove(_ item: Item) throws(FileFailure) {
        guard let present = self.item(item.name) else { return }
        guard present.isSameFile(as: item) else { throw failure("unlink", item.name, .fileExists) }
        guard unlinkat(descriptor.rawValue, item.name, 0) == 0 || errno == ENOENT else {
            throw failure("unlink", item.name)
        }
        try synchronize()
    }

    /// Renames a file that is still the one that was seen, and never onto another one.
    package func rename(_ item: Item, to name: String) throws(FileFailure) {
        guard self.item(item.name)?.isSameFile(as: item) == true else {
            throw failure("rename", item.name, .fileExists)
        }
        guard self.item(name) == nil else { throw failure("rename", name, .fileExists) }
        try replace(name, with: item.name)
    }

    package func replace(_ name: String, with other: String) throws(FileFailure) {
        guard renameat(descriptor.rawValue, other, descriptor.rawValue, name) == 0 else {
            throw failure("rename", name)
        }
        try synchronize()
    }

    /// Opens a file that is still the one that was seen, to read it.
    package func open(_ item: Item) throws(FileFailure) -> FileDescriptor {
        let opened = openat(
            descriptor.rawValue, item.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { throw failure("open", item.name) }
        var status = stat()
        guard fstat(opened, &status) == 0, self.item(item.name, status).isSameFile(as: item) else {
            close(opened)
            throw failure("open", item.name, .fileExists)
        }
        return FileDescriptor(rawValue: opened)
    }

    /// Makes a new file (mode 0600) of the folder's owner; what a killed run left in its place goes.
    package func create(_ name: String) throws(FileFailure) -> FileDescriptor {
        unlinkat(descriptor.rawValue, name, 0)
        let opened = openat(
            descriptor.rawValue, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw failure("open", name) }
        let file = FileDescriptor(rawValue: opened)
        do throws(Errno) {
            try DurableFile.claim(file, in: path, mode: .ownerReadWrite)
        } catch {
            try? file.close()
            throw failure("chmod", name, error)
        }
        return file
    }

    /// Removes what we have just made.
    package func discard(_ name: String) { unlinkat(descriptor.rawValue, name, 0) }

    func synchronize() throws(FileFailure) {
        guard fsync(descriptor.rawValue) == 0 else { throw failure("fsync") }
    }

    package func failure(_ action: String, _ name: String? = nil, _ reason: Errno? = nil) -> FileFailure {
        FileFailure(
            path: name.map { path.appending($0) } ?? path, action: action, errno: reason ?? Errno(rawValue: errno))
    }
}

extension OwnFolder.Item {
    /// Nothing about it is odd, and it is no other file under the same name.
    fileprivate func isSameFile(as other: Self) -> Bool {
        oddity == nil && device == other.device && inode == other.inode
    }
}
