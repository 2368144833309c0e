import Decisions
package import SystemPackage

/// Why a file of ours could not be written or read.
package struct FileFailure: Error, Equatable, Catalogue {
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
