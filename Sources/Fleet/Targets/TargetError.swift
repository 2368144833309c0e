package import Connections
package import Decisions
package import Host
package import Reporting

/// Why a target did not do what it was asked.
package enum TargetError: Error, Equatable {
    /// Nobody answers at the target's address; `detail` is the system's own words.
    case unreachable(address: String, detail: String)
    /// The right to use the target is missing (Docker's socket, say).
    case notPermitted(address: String, detail: String)
    /// It accepted and did not answer in time; the work may still be going on.
    case timedOut(action: String, seconds: Double)
    /// The target speaks no version that we speak.
    case unsupportedVersion(theirs: String, oldestOfOurs: String)
    /// Every port of the range is taken.
    case noFreePort(range: String)
    /// The target refused; `status` is its own (HTTP's for Docker), `message` its own words.
    case refused(action: String, status: Int, message: String)
    /// The backend was started and did not stay; `detail` names what was seen and where to look.
    case didNotStay(name: String, detail: String)
    /// A file that the backend needs (its log) could not be written.
    case file(FileFailure)
    /// Its answer could not be understood.
    case unreadable(action: String, detail: String)
}

extension TargetError {
    package func sentence(in language: Language) -> String {
        switch self {
        case .unreachable(let address, let detail):
            language.choose("\(address) does not answer: \(detail)", "\(address) no responde: \(detail)")
        case .notPermitted(let address, let detail):
            language.choose(
                "no permission to use \(address): \(detail). Is this user in the group docker?",
                "sin permiso para usar \(address): \(detail). ¿Está este usuario en el grupo docker?")
        case .timedOut(let action, let seconds):
            language.choose(
                "\(action): no answer within \(seconds) s", "\(action): sin respuesta en \(seconds) s")
        case .unsupportedVersion(let theirs, let oldest):
            language.choose(
                "the Docker Engine speaks API \(theirs), and the oldest that we speak is \(oldest)",
                "Docker Engine usa la API \(theirs) y la más antigua admitida es \(oldest)")
        case .noFreePort(let range):
            language.choose("no free port in \(range)", "no hay puerto libre en \(range)")
        case .refused(let action, let status, let message):
            "\(action): \(message)" + (status >= 500 ? " (HTTP \(status))" : "")
        case .file(let failure): failure.sentence(in: language)
        case .didNotStay(let name, let detail):
            language.choose("\(name) did not stay: \(detail)", "\(name) no permaneció: \(detail)")
        case .unreadable(let action, let detail): "\(action): \(detail)"
        }
    }
}

extension TargetError {
    package init(_ failure: DockerFailure) {
        self =
            switch failure {
            case .unreachable(let address, let detail): .unreachable(address: address, detail: detail)
            case .notPermitted(let address, let detail): .notPermitted(address: address, detail: detail)
            case .timedOut(let action, let seconds): .timedOut(action: action, seconds: seconds)
            case .unsupportedVersion(let theirs, let ours): .unsupportedVersion(theirs: theirs, oldestOfOurs: ours)
            case .refused(let action, let status, let message):
                .refused(action: action, status: status, message: message)
            case .unreadable(let action, let detail): .unreadable(action: action, detail: detail)
            }
    }
}

extension ExitStatus {
    package init(_ error: TargetError) {
        self =
            switch error {
            case .unreachable, .timedOut, .unsupportedVersion: .unavailable
            case .notPermitted: .notPermitted
            case .file(let failure): ExitStatus(failure)
            case .noFreePort, .refused, .didNotStay, .unreadable: .failed
            }
    }
}
