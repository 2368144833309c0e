package import Decisions

/// Why a run ended before its line was through.
package enum RunFailure: Error, Equatable {
    case busy(path: String)
    case state(StateFile.Failure)
    case unsafe(UnsafeFile)
    case file(FileFailure)
    case environmentFile(ConfigurationError)
    case target(TargetError)
    case publish(PublishFailure)
    /// The signal's number.
    case interrupted(Int32)
}

extension RunFailure {
    package func sentence(in language: Language) -> String {
        switch self {
        case .busy(let path): RunMessage.busy(path: path).sentence(in: language)
        case .state(let failure): failure.sentence(in: language)
        case .file(let failure): failure.sentence(in: language)
        case .unsafe(let file): file.sentence(in: language)
        case .environmentFile(let error): error.sentence(in: language)
        case .target(let error): error.sentence(in: language)
        case .publish(let failure): failure.sentence(in: language)
        case .interrupted: RunMessage.interrupted.sentence(in: language)
        }
    }
}

extension UnsafeFile {
    package func sentence(in language: Language) -> String {
        let path = path.escapingControls()
        return switch cause {
        case .worldWritable:
            language.choose(
                "\(path) is world-writable: anybody could decide what is run here. Run: chmod o-w \(path)",
                "\(path) puede ser modificado por cualquiera. Ejecute: chmod o-w \(path)")
        case .foreignOwner(let uid):
            language.choose(
                "\(path) is owned by uid \(uid), who is neither root nor you. Run as that user, or chown it",
                "\(path) pertenece al uid \(uid), que no es root ni usted. Ejecute como ese usuario o cambie el dueño")
        case .symbolicLink:
            language.choose(
                "\(path) is a symbolic link, and none is followed here: set the configuration to what it leads to "
                    + "(readlink -f \(path)), or remove it",
                "\(path) es un enlace simbólico y aquí no se sigue ninguno: ponga en la configuración aquello a lo que lleva "
                    + "(readlink -f \(path)) o quítelo")
        case .notARegularFile:
            language.choose(
                "\(path) is not a regular file; move it away", "\(path) no es un archivo regular; apártelo")
        case .notAFolder:
            language.choose("\(path) is not a folder; move it away", "\(path) no es una carpeta; apártelo")
        }
    }
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
