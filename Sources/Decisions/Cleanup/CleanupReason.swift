/// Why a thing goes or stays.
package enum CleanupReason: Equatable, Sendable {
    // What goes
    case unused(seconds: Int)
    case neverStarted(seconds: Int)
    case dangling(seconds: Int)
    case olderImage(newer: Int)
    case tooLarge(limit: Int)
    case rotated
    case expired(days: Int)
    case leftover
    /// Kept by no rule of `BACKUP_KEEP_*`.
    case retention

    // What stays
    case withinGrace(seconds: Int)
    case ageUnknown
    /// Its time is still to come: a clock was wrong, so its age is not known.
    case inFuture
    case protected
    case adopted
    case otherService(String)
    case inOperation
    case used
    case configured
    /// Another service of this host names it, or did.
    case configuredElsewhere
    /// Others use the repository, too, and nothing says that this service ever used this one.
    case notProvenOurs
    case newest(Int)
    /// Nobody built it twice: the same age as the last one that is kept.
    case asNewAsKept
    case namedByDigest
    case named
    case smallEnough
    case withinDays(Int)
    case stillWritten
    case writersUnknown
    case oddity(FoundFile.Oddity)
    case backup([RetentionPlan.KeepReason])
}

extension CleanupReason {
    /// The spelling for machines.
    package var code: String {
        switch self {
        case .unused: "unused"
        case .neverStarted: "never_started"
        case .dangling: "dangling"
        case .olderImage: "older_image"
        case .tooLarge: "too_large"
        case .rotated: "rotated"
        case .expired: "expired"
        case .leftover: "leftover"
        case .retention: "retention"
        case .withinGrace: "within_grace"
        case .ageUnknown: "age_unknown"
        case .inFuture: "in_future"
        case .protected: "protected"
        case .adopted: "adopted"
        case .otherService: "other_service"
        case .inOperation: "in_operation"
        case .used: "used"
        case .configured: "configured"
        case .configuredElsewhere: "configured_elsewhere"
        case .notProvenOurs: "not_proven_ours"
        case .newest: "newest"
        case .asNewAsKept: "as_new_as_kept"
        case .namedByDigest: "named_by_digest"
        case .named: "named"
        case .smallEnough: "small_enough"
        case .withinDays: "within_days"
        case .stillWritten: "still_written"
        case .writersUnknown: "writers_unknown"
        case .oddity(let oddity): oddity.rawValue
        case .backup(let reasons): reasons.first?.code ?? "kept"
        }
    }

    package func sentence(in language: Language) -> String {
        switch self {
        case .unused(let seconds):
            language.choose("unused for \(Self.age(seconds))", "sin uso desde hace \(Self.age(seconds))")
        case .neverStarted(let seconds):
            language.choose(
                "made \(Self.age(seconds)) ago and never started", "creado hace \(Self.age(seconds)) y nunca arrancado")
        case .dangling(let seconds):
            language.choose(
                "has no name, no container uses it, \(Self.age(seconds)) old",
                "sin nombre, ningún contenedor la usa, de hace \(Self.age(seconds))")
        case .olderImage(let newer):
            language.choose(
                "newer ones of the repository: \(newer); no container uses it",
                "más recientes del repositorio: \(newer); ningún contenedor la usa")
        case .tooLarge(let limit):
            language.choose("larger than \(ByteCount(limit))", "mayor que \(ByteCount(limit))")
        case .rotated: language.choose("nobody writes to it any more", "ya nadie escribe en él")
        case .expired(let days):
            language.choose("older than \(days) days", "de hace más de \(days) días")
        case .leftover:
            language.choose("left unfinished by a run that was killed", "lo dejó a medias una ejecución interrumpida")
        case .retention: language.choose("kept by no rule", "ninguna regla la conserva")
        case .withinGrace(let seconds):
            language.choose("unused for \(Self.age(seconds)) only", "sin uso desde hace solo \(Self.age(seconds))")
        case .ageUnknown: language.choose("its age is not known", "no se conoce su antigüedad")
        case .inFuture:
            language.choose(
                "its time is in the future, so its age is not known",
                "su hora está en el futuro: no se conoce su antigüedad")
        case .protected:
            language.choose("the label autoscale.keep=true protects it", "la etiqueta autoscale.keep=true lo protege")
        case .adopted: language.choose("adopted: whose it is removes it", "adoptado: lo elimina su dueño")
        case .otherService(let name):
            language.choose("belongs to the service \(name)", "pertenece al servicio \(name)")
        case .inOperation:
            language.choose("an operation with it is under way", "hay una operación en curso con él")
        case .used: language.choose("a container uses it", "un contenedor lo usa")
        case .configured: language.choose("BACKEND_IMAGE names it", "BACKEND_IMAGE la nombra")
        case .configuredElsewhere:
            language.choose(
                "another service's configuration names it, or did",
                "la nombra, o la nombró, la configuración de otro servicio")
        case .notProvenOurs:
            language.choose(
                "others use this repository, too, and this service never did use this image",
                "otros también usan este repositorio, y este servicio nunca usó esta imagen")
        case .newest(let count):
            language.choose(
                "among the newest \(count) of the repository", "entre las \(count) más recientes del repositorio")
        case .asNewAsKept:
            language.choose("as new as the last one that is kept", "tan reciente como la última que se conserva")
        case .namedByDigest:
            language.choose("somebody pulled it by its digest", "alguien la descargó por su digest")
        case .named: language.choose("somebody gave it a name", "alguien le dio un nombre")
        case .smallEnough: language.choose("small enough", "no es demasiado grande")
        case .withinDays(let days):
            language.choose("not older than \(days) days", "no tiene más de \(days) días")
        case .stillWritten:
            language.choose("a program still writes to it", "un programa aún escribe en él")
        case .writersUnknown:
            language.choose(
                "whether a program still writes to it can't be known on this file system",
                "en este sistema de archivos no se puede saber si un programa aún escribe en él")
        case .oddity(let oddity): oddity.sentence(in: language)
        case .backup(let reasons): reasons.map { $0.sentence(in: language) }.joined(separator: ", ")
        }
    }

    /// `35 s`, `12 min`, `3 h`, `4 d`.
    private static func age(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86400) d"
        }
    }
}

extension FoundFile.Oddity {
    fileprivate func sentence(in language: Language) -> String {
        switch self {
        case .link: language.choose("a symbolic link: left alone", "un enlace simbólico: no se toca")
        case .notAFile: language.choose("not a regular file: left alone", "no es un archivo regular: no se toca")
        case .secondName:
            language.choose(
                "it has a second name (a hard link): left alone", "tiene otro nombre (enlace duro): no se toca")
        case .otherDevice:
            language.choose(
                "it lies on another file system: left alone", "está en otro sistema de archivos: no se toca")
        }
    }
}
