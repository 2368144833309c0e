import Host

extension TargetError {
    package var english: String {
        switch self {
        case .unreachable(let address, let detail):
            "\(address) does not answer: \(detail)"
        case .notPermitted(let address, let detail, let group):
            "no permission to use \(address): \(detail)"
                + (group.map { ". Is this user in the group \($0)?" } ?? "")
        case .timedOut(let action, let seconds):
            "\(action): no answer within \(seconds) s"
        case .unsupportedVersion(let program, let theirs, let oldest):
            "the \(program) speaks API \(theirs), and the oldest that we speak is \(oldest)"
        case .noFreePort(let range):
            "no free port in \(range)"
        case .noFreeName(let action, let tried):
            "\(action): its name and \(tried - 1) others like it are taken"
        case .adopted(let action):
            "\(action): it is adopted: only who started it may do that"
        case .nothingToStart(let action, let detail), .refused(let action, let detail),
            .unreadable(let action, let detail):
            "\(action): \(detail)"
        case .file(let failure): failure.english
        case .didNotStay(let name, let end):
            "\(name) did not stay: \(end.english)"
        }
    }
}
