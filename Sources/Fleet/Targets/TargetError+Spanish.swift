import Host

extension TargetError {
    package var spanish: String {
        switch self {
        case .unreachable(let address, let detail):
            "\(address) no responde: \(detail)"
        case .notPermitted(let address, let detail, let group):
            "sin permiso para usar \(address): \(detail)"
                + (group.map { ". ¿Está este usuario en el grupo \($0)?" } ?? "")
        case .timedOut(let action, let seconds):
            "\(action): sin respuesta en \(seconds) s"
        case .unsupportedVersion(let program, let theirs, let oldest):
            "\(program) usa la API \(theirs) y la más antigua admitida es \(oldest)"
        case .noFreePort(let range):
            "no hay puerto libre en \(range)"
        case .noFreeName(let action, let tried):
            "\(action): su nombre y otros \(tried - 1) parecidos ya existen"
        case .adopted(let action):
            "\(action): es adoptado: solo puede hacerlo quien lo arrancó"
        case .nothingToStart(let action, let detail), .refused(let action, let detail),
            .unreadable(let action, let detail):
            "\(action): \(detail)"
        case .file(let failure): failure.spanish
        case .didNotStay(let name, let end):
            "\(name) no permaneció: \(end.spanish)"
        }
    }
}
