import Decisions

extension BackupListingWord {
    package var spanish: String {
        switch self {
        case .noBackups(let folder): "No hay copias en \(folder)"
        case .keep: "conservar"
        case .remove: "eliminar"
        case .inFuture: "en el futuro"
        case .notGood(let problem): "NO SIRVE: \(problem)"
        case .drillFailed(let when, let why): "SIMULACRO FALLIDO \(when): \(why)"
        case .read: "leída entera"
        case .restored: "restaurada"
        case .notVerified: "sin verificar"
        case .keptByNoRule: "ninguna regla la conserva: la próxima ejecución la elimina"
        case .until(let day): "hasta \(day)"
        }
    }
}
