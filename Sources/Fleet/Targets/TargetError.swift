package import Connections
import Decisions
package import Host
package import Reporting

/// Why a target did not do what it was asked: what can happen to any target, with its own words.
///
/// What one target calls it (a status of HTTP, an errno) is translated where it is known.
package enum TargetError: Error, Equatable, Catalogue {
    /// Nobody answers at the target's address; `detail` is the system's own words.
    case unreachable(address: String, detail: String)
    /// The right to use what has this address is missing; members of `group` have it, where there is such a group.
    case notPermitted(address: String, detail: String, group: String? = nil)
    /// It accepted and did not answer in time; the work may still be going on.
    case timedOut(action: String, seconds: Double)
    /// `program` speaks no version that we speak.
    case unsupportedVersion(program: String, theirs: String, oldestOfOurs: String)
    /// Every port of the range is taken.
    case noFreePort(range: String)
    /// The name of the operation is taken, and so are those that were tried in its place.
    case noFreeName(action: String, tried: Int)
    /// What a backend is started from (an image, a program) is not there, or can't be used.
    case nothingToStart(action: String, detail: String)
    /// Who started it is the only one who may do that to it.
    case adopted(action: String)
    /// The target refused; `message` is its own words.
    case refused(action: String, message: String)
    /// The backend was started and did not stay.
    case didNotStay(name: String, EarlyEnd)
    /// A file that the backend needs (its log), or that is to be remembered, could not be written.
    case file(FileFailure)
    /// Its answer could not be understood.
    case unreadable(action: String, detail: String)
}

extension TargetError {
    package init(_ failure: DockerFailure) {
        self =
            switch failure {
            case .unreachable(let address, let detail): .unreachable(address: address, detail: detail)
            case .notPermitted(let address, let detail):
                .notPermitted(address: address, detail: detail, group: "docker")
            case .timedOut(let action, let seconds): .timedOut(action: action, seconds: seconds)
            case .unsupportedVersion(let theirs, let ours):
                .unsupportedVersion(program: "Docker Engine", theirs: theirs, oldestOfOurs: ours)
            case .refused(let action, let status, let message):
                // The engine's own fault, and not what was asked of it.
                .refused(action: action, message: message + (status >= 500 ? " (HTTP \(status))" : ""))
            case .unreadable(let action, let detail): .unreadable(action: action, detail: detail)
            }
    }
}

extension TargetError: CommandFailure {
    package var exitStatus: ExitStatus {
        switch self {
        case .unreachable, .timedOut, .unsupportedVersion: .unavailable
        case .notPermitted: .notPermitted
        case .file(let failure): ExitStatus(failure)
        case .noFreePort, .noFreeName, .nothingToStart, .adopted, .refused, .didNotStay, .unreadable: .failed
        }
    }
}
