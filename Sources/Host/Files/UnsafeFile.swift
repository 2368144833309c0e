import Decisions

/// A file or folder of ours that somebody else could change.
package struct UnsafeFile: Error, Equatable, Catalogue {
    package enum Cause: Equatable, Sendable {
        case worldWritable
        case foreignOwner(uid: UInt32)
        case symbolicLink
        case notARegularFile
        case notAFolder
    }

    package let path: String
    package let cause: Cause

    package init(path: String, cause: Cause) {
        self.path = path
        self.cause = cause
    }
}
