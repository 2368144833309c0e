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
