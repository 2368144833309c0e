/// Why Docker's engine did not do what it was asked; `detail` and `message` are the system's or Docker's own words.
package enum DockerFailure: Error, Equatable {
    case unreachable(address: String, detail: String)
    /// The right to use its socket is missing.
    case notPermitted(address: String, detail: String)
    /// It accepted and did not answer in time; the work may still be going on.
    case timedOut(action: String, seconds: Double)
    case unsupportedVersion(theirs: String, oldestOfOurs: String)
    /// - Parameter status: HTTP's.
    case refused(action: String, status: Int, message: String)
    /// Its answer could not be understood.
    case unreadable(action: String, detail: String)
}

extension DockerFailure {
    init(_ failure: HTTPFailure, action: String, address: DockerAddress) {
        switch failure {
        case .notPermitted: self = .notPermitted(address: "\(address)", detail: "\(failure)")
        case .timedOut(let seconds): self = .timedOut(action: action, seconds: seconds)
        case .tooLarge, .unsupported: self = .unreadable(action: action, detail: "\(failure)")
        case .refused, .noSuchSocket, .unreachable, .untrusted, .cutShort, .stalled, .stopped, .unreadableFile:
            self = .unreachable(address: "\(address)", detail: "\(failure)")
        }
    }
}
