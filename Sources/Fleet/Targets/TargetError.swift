package import Connections
package import Decisions
package import Host
package import Reporting

/// Why a target did not do what it was asked: what can happen to any target, with its own words.
///
/// What one target calls it (a status of HTTP, an errno) is translated where it is known.
package enum TargetError: Error, Equatable {
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
    /// The backend was started and did not stay; `detail` names what was seen and where to look.
    case didNotStay(name: String, detail: String)
    /// A file that the backend needs (its log), or that is to be remembered, could not be written.
    case file(FileFailure)
    /// Its answer could not be understood.
    case unreadable(action: String, detail: String)
}

extension TargetError {
    package func sentence(in language: Language) -> String {
        switch self {
        case .unreachable(let address, let detail):
            language.choose("\(address) does not answer: \(detail)", "\(address) no responde: \(detail)")
        case .notPermitted(let address, let detail, let group):
            language.choose(
                "no permission to use \(address): \(detail)"
                    + (group.map { ". Is this user in the group \($0)?" } ?? ""),
                "sin permiso para usar \(address): \(detail)"
                    + (group.map { ". ¿Está este usuario en el grupo \($0)?" } ?? ""))
        case .timedOut(let action, let seconds):
            language.choose(
                "\(action): no answer within \(seconds) s", "\(action): sin respuesta en \(seconds) s")
        case .unsupportedVersion(let program, let theirs, let oldest):
            language.choose(
                "the \(program) speaks API \(theirs), and the oldest that we speak is \(oldest)",
                "\(program) usa la API \(theirs) y la más antigua admitida es \(oldest)")
        case .noFreePort(let range):
            language.choose("no free port in \(range)", "no hay puerto libre en \(range)")
        case .noFreeName(let action, let tried):
            language.choose(
                "\(action): its name and \(tried - 1) others like it are taken",
                "\(action): su nombre y otros \(tried - 1) parecidos ya existen")
        case .adopted(let action):
            language.choose(
                "\(action): it is adopted: only who started it may do that",
                "\(action): es adoptado: solo puede hacerlo quien lo arrancó")
        case .nothingToStart(let action, let detail), .refused(let action, let detail),
            .unreadable(let action, let detail):
            "\(action): \(detail)"
        case .file(let failure): failure.sentence(in: language)
        case .didNotStay(let name, let detail):
            language.choose("\(name) did not stay: \(detail)", "\(name) no permaneció: \(detail)")
        }
    }
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

extension ExitStatus {
    package init(_ error: TargetError) {
        self =
            switch error {
            case .unreachable, .timedOut, .unsupportedVersion: .unavailable
            case .notPermitted: .notPermitted
            case .file(let failure): ExitStatus(failure)
            case .noFreePort, .noFreeName, .nothingToStart, .adopted, .refused, .didNotStay, .unreadable: .failed
            }
    }
}
