import Backups
import Decisions
import Fleet
import Host

extension CleanupFailure {
    package var spanish: String {
        switch self {
        case .busy(let path): "Otra limpieza está en curso (tiene \(path)); no se hizo nada"
        case .monitorAtWork(let path, let seconds):
            "monitor tuvo \(path) durante \(seconds) s; la próxima ejecución lo intenta otra vez"
        case .folderInUse(let path): "otra limpieza trabaja en \(path)"
        case .state(let failure): RunFailure.state(failure).sentence(in: .spanish)
        case .stateBroken(let path, let why):
            "no se puede leer \(path) (\(why)), así que no se conoce la operación en curso; el próximo monitor aparta el archivo"
        case .unsafe(let file): file.sentence(in: .spanish)
        case .file(let failure): failure.sentence(in: .spanish)
        case .target(let error): error.sentence(in: .spanish)
        case .backup(let failure): failure.sentence(in: .spanish)
        case .part(let part, let failure): "Omitido: \(part.spanish): \(failure.spanish)"
        case .notRemoved(let kind, let name, let failure):
            "No se pudo eliminar: \(kind.spanish(name)): \(failure.spanish)"
        case .notRotated(let name, let failure): "No se pudo renombrar: \(name): \(failure.spanish)"
        case .notCompressed(let name, let failure): "No se pudo comprimir: \(name): \(failure.spanish)"
        case .gzip(let complaint): "el programa falló (\(complaint))"
        case .interrupted: "Terminado por una señal"
        }
    }
}
