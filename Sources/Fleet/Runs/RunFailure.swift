import Decisions
package import Host
package import Reporting
package import Settings

/// Why a run could not do, or not wholly do, what it was to do. The first one names the exit status and the alert.
package enum RunFailure: CommandFailure, Equatable {
    case busy(path: String)
    case state(StateFile.Failure)
    case unsafe(UnsafeFile)
    case file(FileFailure)
    case environmentFile(ConfigurationError)
    case target(TargetError)
    case publish(PublishFailure)
    /// A backend could not be started, or did not last until it was ready.
    case start(String, StartFailure)
    /// The target refused to stop or remove a backend.
    case end(String, TargetError)
    /// NGINX did not take the last publications, so that this one was not tried.
    case unpublished(failures: Int, remaining: Duration)
    /// The signal's number.
    case interrupted(Int32)

    package enum StartFailure: Equatable, Sendable {
        case target(TargetError)
        case endedEarly(LastWords?)
    }
}

extension RunFailure: Catalogue {
    /// The spelling for machines: history, `--json`, and which of several alerts it is.
    package var code: String {
        switch self {
        case .busy: "busy"
        case .start: "start_failed"
        case .end: "effect_failed"
        case .publish(let failure) where failure.leavesLastGood: "publish_failed"
        case .unpublished: "publish_failed"
        case .interrupted: "interrupted"
        case .state, .unsafe, .file, .environmentFile, .target, .publish: "failed"
        }
    }

    package var exitStatus: ExitStatus {
        switch self {
        case .busy: .busy
        case .state(.newer): .newerState
        case .state(.otherService), .state(.otherServiceInFolder): .badConfiguration
        case .state(.unreadable(let failure)): ExitStatus(failure)
        case .unsafe: .notPermitted
        case .file(let failure): ExitStatus(failure)
        case .environmentFile(let error): ExitStatus(error)
        case .target(let error), .end(_, let error), .start(_, .target(let error)): ExitStatus(error)
        case .publish(let failure): ExitStatus(failure)
        case .start(_, .endedEarly), .unpublished: .failed
        case .interrupted(let signal): signal == 2 ? .interrupted : .terminated
        }
    }
}
