import Glibc
package import SystemPackage

/// Who owns a file and who may write it; stat(2), without following a link.
package struct FileOwnership: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case file
        case folder
        case link
        case other
    }

    package let uid: UInt32
    package let gid: UInt32
    package let kind: Kind
    package let mode: FilePermissions
    package let isWorldWritable: Bool
    package let isWorldReadable: Bool

    /// `nil` where nothing is there.
    package init?(of path: FilePath, followingLinks: Bool = false) throws(Errno) {
        var info = stat()
        let result = path.withPlatformString { followingLinks ? stat($0, &info) : lstat($0, &info) }
        if result != 0 {
            guard errno == ENOENT || errno == ENOTDIR else { throw Errno(rawValue: errno) }
            return nil
        }
        uid = info.st_uid
        gid = info.st_gid
        mode = FilePermissions(rawValue: info.st_mode & 0o7777)
        isWorldWritable = info.st_mode & S_IWOTH != 0
        isWorldReadable = info.st_mode & S_IROTH != 0
        kind =
            switch info.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
    }

    /// Refuses a file that others could change, or that lies in a folder where they could replace it.
    ///
    /// Both must be owned by root or by the running user, and not be world-writable. Root may also work in somebody
    /// else's folder on that owner's files (`followsFolderOwner`): cron's user is served when root runs by hand once. With
    /// `trusting` a file may also belong to one user more where root runs: the owner of the state folder.
    /// A file that is not there is judged by its folder alone; a folder that is not there is still to be made. A link in
    /// the file's place is refused wherever it leads: files of ours are replaced, never followed.
    package static func check(
        _ path: FilePath, followsFolderOwner: Bool = false, trusting owner: UInt32? = nil
    ) throws(UnsafeFile) {
        let folderPath = path.removingLastComponent()
        let me = geteuid()
        guard let folder = try? FileOwnership(of: folderPath, followingLinks: true) else { return }
        var trusted: Set<UInt32> = [0, me]
        if me == 0, let owner { trusted.insert(owner) }
        if me == 0, followsFolderOwner { trusted.insert(folder.uid) }
        if folder.isWorldWritable { throw UnsafeFile(path: folderPath.string, cause: .worldWritable) }
        if !trusted.contains(folder.uid) {
            throw UnsafeFile(path: folderPath.string, cause: .foreignOwner(uid: folder.uid))
        }
        guard let file = try? FileOwnership(of: path) else { return }
        if file.kind == .link { throw UnsafeFile(path: path.string, cause: .symbolicLink) }
        if file.kind != .file { throw UnsafeFile(path: path.string, cause: .notARegularFile) }
        if file.isWorldWritable { throw UnsafeFile(path: path.string, cause: .worldWritable) }
        if !trusted.contains(file.uid) {
            throw UnsafeFile(path: path.string, cause: .foreignOwner(uid: file.uid))
        }
    }

    /// Refuses as `check` does, and says on whose word a run would act; `nil`: root's or the running user's own.
    ///
    /// Root may read somebody else's file, but whoever acts by it has to become that user first: it names commands.
    package static func author(of path: FilePath) throws(UnsafeFile) -> UInt32? {
        guard geteuid() == 0 else {
            try check(path)
            return nil
        }
        let file = (try? FileOwnership(of: path))?.uid ?? 0
        let folder = (try? FileOwnership(of: path.removingLastComponent(), followingLinks: true))?.uid ?? 0
        let author = file != 0 ? file : folder
        try check(path, trusting: author)
        return author == 0 ? nil : author
    }

    /// Refuses anything in the place of a folder that we make ourselves; who may write it is `check`'s business.
    package static func checkFolder(_ path: FilePath) throws(UnsafeFile) {
        switch (try? FileOwnership(of: path))?.kind {
        case nil, .folder: return
        case .link: throw UnsafeFile(path: path.string, cause: .symbolicLink)
        case .file, .other: throw UnsafeFile(path: path.string, cause: .notAFolder)
        }
    }

    /// Who owns a folder, or the nearest one above it where it is still to be made: to whom it will belong. `nil` where it
    /// can't be seen.
    package static func owner(ofFolder folder: FilePath) -> UInt32? {
        var present = folder
        while true {
            do throws(Errno) {
                if let found = try FileOwnership(of: present, followingLinks: true) { return found.uid }
            } catch {
                return nil
            }
            guard present.removeLastComponent() else { return nil }
        }
    }
}
