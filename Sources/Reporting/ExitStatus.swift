import Decisions
package import Host
package import Settings
import SystemPackage

/// The exit codes of all commands but `healthcheck`; after sysexits(3) where it has one.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case done = 0
    case failed = 1
    case partlyDone = 3
    case wrongUse = 64
    case newerState = 65
    case unavailable = 69
    case internalError = 70
    case notWritten = 74
    case busy = 75
    case notPermitted = 77
    case badConfiguration = 78
    case interrupted = 130
    case terminated = 143

    /// As `--help` lists it.
    package var meaning: String {
        switch self {
        case .done: "done, or nothing to do"
        case .failed: "the run could not do what it decided (a step failed and was rolled back)"
        case .partlyDone: "partly done"
        case .wrongUse: "wrong use of the command"
        case .newerState: "the state file was written by a newer version; nothing was changed"
        case .unavailable: "the target or NGINX (for backup, the database or pg_dump) is not there; nothing was changed"
        case .internalError: "a bug of ours"
        case .notWritten: "a file could not be created or written; nothing was started"
        case .busy: "another run holds the lock"
        case .notPermitted: "not permitted, or a file of ours could be changed by others"
        case .badConfiguration: "bad configuration"
        case .interrupted: "ended by SIGINT, after putting things in order"
        case .terminated: "ended by SIGTERM, after putting things in order"
        }
    }

    package init(_ failure: FileFailure) {
        self = failure.errno == .permissionDenied || failure.errno == .notPermitted ? .notPermitted : .notWritten
    }

    package init(_ error: ConfigurationError) {
        self =
            switch error {
            case .unsafe, .notPermitted: .notPermitted
            case .absent, .noneFound, .unreadable, .invalid: .badConfiguration
            }
    }
}
