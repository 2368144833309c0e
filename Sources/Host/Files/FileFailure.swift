package import Decisions
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

extension FileFailure {
    package func sentence(in language: Language) -> String {
        language.choose(
            "\(path) could not be written or read: \(action): \(errno)",
            "no se pudo escribir o leer \(path): \(action): \(errno)"
        ).escapingControls()
    }
}
