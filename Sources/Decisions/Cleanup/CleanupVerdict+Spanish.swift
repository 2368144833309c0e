extension CleanupVerdict {
    package var spanish: String {
        switch self {
        case .keep(let reason): reason.spanish
        case .remove(let reason): reason.spanish
        case .rotate(let limit): "mayor que \(ByteCount(limit))"
        case .compress: "ya nadie escribe en él"
        }
    }
}

extension CleanupVerdict.Go {
    fileprivate var spanish: String {
        switch self {
        case .unused(let seconds): "sin uso desde hace \(Age(seconds))"
        case .neverStarted(let seconds): "creado hace \(Age(seconds)) y nunca arrancado"
        case .dangling(let seconds): "sin nombre y ningún contenedor la usa; de hace \(Age(seconds))"
        case .olderImage(let newer): "ningún contenedor la usa, y el repositorio tiene más recientes: \(newer)"
        case .expired(let days): "de hace más de \(days) días"
        case .leftover: "lo dejó a medias una ejecución interrumpida"
        case .retention: "ninguna regla BACKUP_KEEP_* la conserva"
        }
    }
}

extension CleanupVerdict.Stay {
    fileprivate var spanish: String {
        switch self {
        case .withinGrace(let seconds): "sin uso desde hace solo \(Age(seconds))"
        case .ageUnknown: "no se conoce su antigüedad"
        case .inFuture: "su hora está en el futuro: no se conoce su antigüedad"
        case .protected: "la etiqueta autoscale.keep=true lo protege"
        case .adopted: "adoptado: solo lo elimina su dueño"
        case .otherService(let name): "pertenece al servicio \(name)"
        case .inOperation: "una ejecución lo está arrancando o parando"
        case .used: "un contenedor lo usa"
        case .configured: "BACKEND_IMAGE la nombra"
        case .configuredElsewhere: "la nombra, o la nombró, la configuración de otro servicio"
        case .notProvenOurs: "otros servicios también usan este repositorio, y este nunca usó la imagen"
        case .newest(let count): "una de las \(count) más recientes de su repositorio"
        case .asNewAsKept: "tan reciente como la más antigua que se conserva"
        case .namedByDigest: "alguien la descargó por su digest"
        case .named: "alguien le dio un nombre"
        case .smallEnough: "por debajo del tamaño límite"
        case .withinDays(let days): "no tiene más de \(days) días"
        case .stillWritten: "un programa aún escribe en él"
        case .writersUnknown: "en este sistema de archivos no se puede saber si un programa aún escribe en él"
        case .oddity(let oddity): oddity.spanish
        case .backup(let reasons): reasons.map { $0.spanish }.joined(separator: ", ")
        }
    }
}

extension FoundFile.Oddity {
    fileprivate var spanish: String {
        switch self {
        case .link: "un enlace simbólico: no se toca"
        case .notAFile: "no es un archivo regular: no se toca"
        case .secondName: "tiene otro nombre (enlace duro): no se toca"
        case .otherDevice: "está en otro sistema de archivos: no se toca"
        }
    }
}
