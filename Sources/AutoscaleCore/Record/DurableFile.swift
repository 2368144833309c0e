import Glibc
package import SystemPackage

/// Why a file of ours could not be written or read.
package struct FileFailure: Error, Equatable {
    package let path: String
    /// The call that failed, `rename` say.
    package let action: String
    package let errno: Errno

    package init(path: FilePath, action: String, errno: Errno) {
        self.path = path.string
        self.action = action
        self.errno = errno
    }
}

/// A file that is always the old one or the new one, whole, whatever happens in between.
package enum DurableFile {
    /// Replaces a file: a temporary one beside it (`.<name>.new`, which `*.conf` does not match), fsync, rename, fsync of
    /// the folder. Bytes that are there already are not written again.
    ///
    /// The new file belongs to the owner of its folder.
    /// - Parameter mode: permissions, whatever the umask.
    /// - Returns: whether anything was written.
    @discardableResult
    package static func replace(
        _ path: FilePath, with bytes: [UInt8], mode: FilePermissions = .ownerReadWrite
    ) throws(FileFailure) -> Bool {
        if let present = try contents(of: path), present == bytes { return false }
        let folder = path.removingLastComponent()
        guard let name = path.lastComponent else { throw FileFailure(path: path, action: "open", errno: .isDirectory) }
        let temporary = folder.appending(".\(name.string).new")
        do throws(FileFailure) {
            try write(bytes, to: temporary, mode: mode, owner: folder)
            guard rename(temporary.string, path.string) == 0 else {
                throw FileFailure(path: path, action: "rename", errno: lastError)
            }
        } catch {
            unlink(temporary.string)
            throw error
        }
        try synchronize(folder: folder)
        return true
    }

    /// The whole file; `nil` where it is not there. A link is not followed.
    package static func contents(of path: FilePath) throws(FileFailure) -> [UInt8]? {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
            return try file.closeAfter { try file.readToEnd() }
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch {
            throw FileFailure(path: path, action: "read", errno: error as? Errno ?? .ioError)
        }
    }

    /// Renames within a folder, durably.
    package static func move(_ path: FilePath, to newPath: FilePath) throws(FileFailure) {
        guard rename(path.string, newPath.string) == 0 else {
            throw FileFailure(path: path, action: "rename", errno: lastError)
        }
        try synchronize(folder: newPath.removingLastComponent())
    }

    /// Removes a file; one that is not there is fine.
    package static func remove(_ path: FilePath) throws(FileFailure) {
        guard unlink(path.string) == 0 || lastError == .noSuchFileOrDirectory else {
            throw FileFailure(path: path, action: "unlink", errno: lastError)
        }
        try synchronize(folder: path.removingLastComponent())
    }

    /// Makes a folder and what is missing above it, with the owner of the folder that was there.
    package static func makeFolder(_ path: FilePath, mode: FilePermissions) throws(FileFailure) {
        let present: FileOwnership?
        do throws(Errno) {
            present = try FileOwnership(of: path, followingLinks: true)
        } catch {
            throw FileFailure(path: path, action: "stat", errno: error)
        }
        guard present == nil else { return }
        let parent = path.removingLastComponent()
        try makeFolder(parent, mode: mode)
        guard mkdir(path.string, mode_t(mode.rawValue)) == 0 || lastError == .fileExists else {
            throw FileFailure(path: path, action: "mkdir", errno: lastError)
        }
        guard chmod(path.string, mode_t(mode.rawValue)) == 0 else {
            throw FileFailure(path: path, action: "chmod", errno: lastError)
        }
        if geteuid() == 0, let owner = try? FileOwnership(of: parent, followingLinks: true) {
            guard lchown(path.string, owner.uid, owner.gid) == 0 else {
                throw FileFailure(path: path, action: "chown", errno: lastError)
            }
        }
        try synchronize(folder: parent)
    }

    /// Adds one line in one write(2), so that two writers can't tear it.
    package static func append(
        _ line: [UInt8], to path: FilePath, mode: FilePermissions = .ownerReadWrite
    ) throws(FileFailure) {
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .append, .closeOnExec, .noFollow], permissions: mode)
            try file.closeAfter {
                try giveToOwner(of: path.removingLastComponent(), file)
                try file.writeAll(line)
            }
        } catch {
            throw FileFailure(path: path, action: "append", errno: error as? Errno ?? .ioError)
        }
    }

    private static func write(
        _ bytes: [UInt8], to path: FilePath, mode: FilePermissions, owner folder: FilePath
    ) throws(FileFailure) {
        unlink(path.string)  // what a killed run left; exclusive creation follows no link
        var action = "open"
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow], permissions: mode)
            try file.closeAfter {
                action = "chown"
                try giveToOwner(of: folder, file)
                action = "chmod"
                guard fchmod(file.rawValue, mode_t(mode.rawValue)) == 0 else { throw lastError }
                action = "write"
                try file.writeAll(bytes)
                action = "fsync"
                guard fsync(file.rawValue) == 0 else { throw lastError }
            }
        } catch {
            throw FileFailure(path: path, action: action, errno: error as? Errno ?? .ioError)
        }
    }

    /// Only root can give a file away; everybody else owns what they make.
    static func giveToOwner(of folder: FilePath, _ file: FileDescriptor) throws {
        guard geteuid() == 0, let owner = try FileOwnership(of: folder, followingLinks: true), owner.uid != 0 else {
            return
        }
        guard fchown(file.rawValue, owner.uid, owner.gid) == 0 else { throw lastError }
    }

    private static func synchronize(folder: FilePath) throws(FileFailure) {
        do {
            let descriptor = try FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec])
            try descriptor.closeAfter {
                guard fsync(descriptor.rawValue) == 0 else { throw lastError }
            }
        } catch {
            throw FileFailure(path: folder, action: "fsync", errno: error as? Errno ?? .ioError)
        }
    }

    private static var lastError: Errno { Errno(rawValue: errno) }
}
