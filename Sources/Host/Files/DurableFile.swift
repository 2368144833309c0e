import Glibc
package import SystemPackage

/// A file that is always the old one or the new one, whole, whatever happens in between.
package enum DurableFile {
    /// Replaces a file: a temporary one beside it (`.<name>.new`, which `*.conf` does not match), fsync, rename, fsync of
    /// the folder. Bytes that are there already, with that mode, are not written again.
    ///
    /// The new file belongs to the owner of its folder.
    /// - Parameter mode: permissions, whatever the umask.
    /// - Returns: whether anything was written.
    @discardableResult
    package static func replace(
        _ path: FilePath, with bytes: [UInt8], mode: FilePermissions = .ownerReadWrite
    ) throws(FileFailure) -> Bool {
        if let present = try contents(of: path), present == bytes, (try? FileOwnership(of: path))?.mode == mode {
            return false
        }
        let folder = path.removingLastComponent()
        guard let temporary = temporary(for: path) else {
            throw FileFailure(path: path, action: "open", errno: .isDirectory)
        }
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

    /// Removes what a run that was killed in the middle of a replacement left beside the file. What can't be removed is
    /// in nobody's way: the next replacement tries again.
    package static func sweep(beside path: FilePath) {
        if let temporary = temporary(for: path) { unlink(temporary.string) }
    }

    private static func temporary(for path: FilePath) -> FilePath? {
        path.lastComponent.map { path.removingLastComponent().appending(".\($0.string).new") }
    }

    /// The whole file; `nil` where it is not there. A link is not followed, and a pipe is not waited for.
    package static func contents(of path: FilePath) throws(FileFailure) -> [UInt8]? {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow, .nonBlocking])
            return try file.closeAfter {
                let kind = try status(of: file).st_mode & S_IFMT
                guard kind == S_IFREG || kind == S_IFDIR else { throw Errno.invalidArgument }
                return try file.readToEnd()
            }
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch {
            throw FileFailure(path: path, action: "read", errno: error as? Errno ?? .ioError)
        }
    }

    /// Renames within a folder, durably and never onto another file: link(2) and unlink(2), of which a kill in between
    /// leaves both names.
    /// - Throws: with `.fileExists` where the new name is taken, by a link that leads nowhere, too.
    package static func move(_ path: FilePath, to newPath: FilePath) throws(FileFailure) {
        guard link(path.string, newPath.string) == 0 else {
            throw FileFailure(path: newPath, action: "link", errno: lastError)
        }
        guard unlink(path.string) == 0 else {
            throw FileFailure(path: path, action: "unlink", errno: lastError)
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
    ///
    /// An empty one of somebody else's in a folder of ours was made by a run as root that was killed before it could give
    /// it away: it is made again.
    package static func makeFolder(_ path: FilePath, mode: FilePermissions) throws(FileFailure) {
        let present: FileOwnership?
        do throws(Errno) {
            present = try FileOwnership(of: path, followingLinks: true)
        } catch {
            throw FileFailure(path: path, action: "stat", errno: error)
        }
        if let present {
            let me = geteuid()
            guard me != 0, present.uid != me, rmdir(path.string) == 0 else { return }
        }
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

    /// Adds one line in one write(2), so that two writers can't tear it. A file that others could read no longer can.
    package static func append(
        _ line: [UInt8], to path: FilePath, mode: FilePermissions = .ownerReadWrite
    ) throws(FileFailure) {
        makeOwned(path, mode: mode)
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .append, .closeOnExec, .noFollow, .nonBlocking],
                permissions: mode)
            try file.closeAfter {
                try claim(file, in: path.removingLastComponent(), mode: mode)
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
                action = "chmod"
                try claim(file, in: folder, mode: mode)
                action = "write"
                try file.writeAll(bytes)
                action = "fsync"
                guard fsync(file.rawValue) == 0 else { throw lastError }
            }
        } catch {
            throw FileFailure(path: path, action: action, errno: error as? Errno ?? .ioError)
        }
    }

    /// Makes an open file that may have been there before one of ours: of the folder's owner, and with our mode.
    ///
    /// One with a second name is refused. Whoever owns the folder could have linked somebody else's file there, and a
    /// run as root would write into it and give it away.
    /// - Parameter mode: `nil` leaves it as it is.
    package static func claim(_ file: FileDescriptor, in folder: FilePath, mode: FilePermissions?) throws(Errno) {
        let status = try status(of: file)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidArgument }
        guard status.st_nlink <= 1 else { throw .tooManyLinks }
        let me = geteuid()
        // Only root can give a file away; everybody else owns what they make.
        if me == 0, let owner = try FileOwnership(of: folder, followingLinks: true), owner.uid != 0 {
            guard fchown(file.rawValue, owner.uid, owner.gid) == 0 else { throw lastError }
        }
        guard let mode, status.st_mode & 0o7777 != mode.rawValue, me == 0 || me == status.st_uid else { return }
        guard fchmod(file.rawValue, mode_t(mode.rawValue)) == 0 else { throw lastError }
    }

    private static func status(of file: FileDescriptor) throws(Errno) -> stat {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw lastError }
        return status
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
