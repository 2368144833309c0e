import Decisions
package import Glibc
package import Host
package import SystemPackage

/// What a target could not look at, or found and does not count: unreadable is never taken for none.
package enum DiscoveryWarning: Equatable, Sendable, Catalogue {
    /// A container with all the labels of a backend, from a committed image or a file of labels.
    case copiedLabels(String)
    case unknownState(String)
    case unpublished(String, port: UInt16)
    case onHostNetwork(String)
    case networkNotChosen(String)
    /// `nil` where its only network is meant.
    case noAddress(String, network: String?)

    case notStartedByUs(pid_t, user: uid_t?, service: String)
    /// It runs the service's command, and belongs to somebody else.
    case notToBeSeen(pid_t, user: uid_t?, program: String, Errno)
    /// It has the variables of a backend that lives already.
    case sameVariables(pid_t, name: String, process: String)
    case inBackground(String, pid_t)
    case left(pid_t, by: String)
    case portNotToBeSeen(String, pid_t, user: uid_t?, port: UInt16)
    case portHeld(String, ForeignHolder)
    /// Whose the addresses are that NGINX serves.
    case holdersNotToBeSeen(TargetError)

    /// A user's number; the word where the process has ended meanwhile.
    static func shown(_ user: uid_t?, or unknown: String) -> String { user.map(String.init) ?? unknown }
}
