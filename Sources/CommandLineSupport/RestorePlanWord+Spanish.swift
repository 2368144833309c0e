import Backups
import Decisions

extension RestorePlanWord {
    package var spanish: String {
        switch self {
        case .restore(let name, let bytes, let contents, let proof):
            "Restaurar: \(name), \(ByteCount(bytes)), \(contents.spanish), \(proof.spanish)"
        case .of(let service): "De:        el servicio \(service), no de este"
        case .into(let database, let server, let target): "En:        \(database) @ \(server), \(target.spanish)"
        case .leavesNothing:
            "Se restaura con un nombre temporal y se renombra cuando está todo: un fallo antes no deja nada."
        case .changesNothing:
            "En una transacción: un fallo no cambia nada. Pare lo que escribe en ella, o sus filas diferirán."
        }
    }
}

extension RestorePlanWord.Proof {
    fileprivate var spanish: String {
        switch self {
        case .drillFailed(let when, let why): "falló el simulacro de \(when): \(why)"
        case .verified(let when): "verificada \(when)"
        case .none: "sin verificar"
        }
    }
}

extension RestorePlanWord.Target {
    fileprivate var spanish: String {
        switch self {
        case .new: "una base de datos nueva"
        case .empty: "una base de datos vacía"
        case .cleaned(let objects): "en lugar de lo que contiene (tablas, vistas, secuencias: \(objects))"
        case .notEmpty(let objects): "no vacía (tablas, vistas, secuencias: \(objects))"
        }
    }
}
