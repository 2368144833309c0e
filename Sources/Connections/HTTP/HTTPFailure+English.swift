extension HTTPFailure {
    package var english: String {
        switch self {
        case .refused: "connection refused"
        case .timedOut(let seconds): "no answer within \(seconds) s"
        case .stalled(let seconds): "nothing moved for \(seconds) s"
        case .stopped: "stopped"
        case .unreadableFile(let errno): "what was to be sent can't be read: \(errno)"
        case .notPermitted: "permission denied"
        case .noSuchSocket: "no such socket"
        case .unreachable(let detail), .untrusted(let detail): detail
        case .cutShort(let detail): "the connection ended before the answer: \(detail)"
        case .tooLarge(let limit): "the answer is longer than \(limit) bytes"
        case .unsupported(let detail): detail
        }
    }
}
