import Glibc
package import SystemPackage

extension DurableFile {
    /// Makes an empty file where there is none, that has its owner before it has its name: a run as root that is killed
    /// between the two would end every later run of the folder's owner.
    ///
    /// Where files can't be given away, or the file system makes none without a name, nothing is done: whoever opens the
    /// file makes and claims it.
    package static func makeOwned(_ path: FilePath, mode: FilePermissions) {
        let folder = path.removingLastComponent()
        guard geteuid() == 0, let owner = try? FileOwnership(of: folder, followingLinks: true), owner.uid != 0,
            (try? FileOwnership(of: path)) == nil,
            let file = try? FileDescriptor.open(
                folder, .writeOnly, options: [.closeOnExec, .withoutName], permissions: mode)
        else { return }
        defer { try? file.close() }
        guard fchmod(file.rawValue, mode_t(mode.rawValue)) == 0, fchown(file.rawValue, owner.uid, owner.gid) == 0 else {
            return
        }
        _ = linkat(AT_FDCWD, "/proc/self/fd/\(file.rawValue)", AT_FDCWD, path.string, AT_SYMLINK_FOLLOW)
    }
}

extension FileDescriptor.OpenOptions {
    /// O_TMPFILE, which the importer leaves out: a file in the folder that is opened.
    fileprivate static var withoutName: Self { Self(rawValue: 0o20_000_000).union(.directory) }
}
