import Glibc
package import SystemPackage

/// Proof that nobody has a file open for writing: a lease for reading (fcntl(2), `F_SETLEASE`).
///
/// The kernel grants it only while there is no writer, and a writer that comes later waits in its open(2) until the lease
/// is given up: so there is no moment at which one is missed. It needs the file's owner, or root, and a file system that
/// knows leases.
package struct ReadLease: ~Copyable {
    package enum Refusal: Error, Equatable {
        /// Somebody has it open for writing.
        case written
        /// Whether somebody has can't be known here.
        case unknown
    }

    private let file: FileDescriptor

    /// - Parameter file: open for reading; closed by whoever opened it.
    package init(_ file: FileDescriptor) throws(Refusal) {
        self.file = file
        // The signal that says that somebody waits: SIGIO would end us, SIGURG is ignored where nobody asks for it.
        _ = fcntl(file.rawValue, Self.setSignal, SIGURG)
        guard fcntl(file.rawValue, Self.setLease, Int32(F_RDLCK)) == 0 else {
            throw errno == EAGAIN ? .written : .unknown
        }
    }

    deinit { _ = fcntl(file.rawValue, Self.setLease, Int32(F_UNLCK)) }

    /// Whether still nobody wants to write.
    package var isUndisputed: Bool { Self.isUndisputed(file) }

    package static func isUndisputed(_ file: FileDescriptor) -> Bool {
        fcntl(file.rawValue, getLease) == Int32(F_RDLCK)
    }

    // Of <fcntl.h>, where they are GNU's.
    private static let setSignal: Int32 = 10
    private static let setLease: Int32 = 1024
    private static let getLease: Int32 = 1025
}
