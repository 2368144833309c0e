import Decisions
package import Glibc

/// Another program that answers on a backend's port.
package struct ForeignHolder: Hashable, Sendable, Catalogue {
    package let port: UInt16
    /// `nil` where it can't be looked at.
    package let process: pid_t?
    /// What it was started as, escaped.
    package let program: String?
    package let user: uid_t
}
