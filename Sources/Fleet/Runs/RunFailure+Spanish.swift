import Decisions
import Host
import Settings

extension RunFailure {
    package var spanish: String {
        switch self {
        case .busy(let path): "Otra ejecución está en curso (tiene \(path)); no se hizo nada"
        case .state(let failure): failure.sentence(in: .spanish)
        case .file(let failure): failure.sentence(in: .spanish)
        case .unsafe(let file): file.sentence(in: .spanish)
        case .environmentFile(let error): error.sentence(in: .spanish)
        case .target(let error): error.sentence(in: .spanish)
        case .publish(let failure): failure.sentence(in: .spanish)
        case .start(let name, .target(let error)): "No se pudo arrancar \(name): \(error.sentence(in: .spanish))"
        case .start(let name, .endedEarly(let words)):
            "No se pudo arrancar \(name): terminó antes de estar listo"
                + (words.map { " (\($0.sentence(in: .spanish)))" } ?? "")
        case .end(let name, let error): "No se pudo detener o eliminar \(name): \(error.sentence(in: .spanish))"
        case .unpublished(let failures, let remaining):
            Limit.unpublished(failures: failures, remaining: remaining).spanish
        case .interrupted: "Terminado por una señal; la próxima ejecución continúa"
        }
    }
}
