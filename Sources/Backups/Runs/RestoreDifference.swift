import Connections
package import Decisions

/// What a restore did not bring back as it was, and what brings it back. Nothing is dropped for it: the data is there.
package enum RestoreDifference: Equatable, Sendable {
    case rows(RowDifference)
    /// The words are the server's.
    case notCounted(String)
    /// A statement about the database as a whole that the server refused.
    case refused(statement: String, why: String)
    /// The database was there before the restore and has not what this statement gives it.
    case notApplied(statement: String)
    /// Encoding, locale and tablespace are given when a database is made, never later.
    case madeOtherwise(backup: String)
    /// Whether a database that was there is as the backup's was.
    case notCompared(String)
    case extensionVersion(name: String, now: String?, backup: String)
    case subscriptionDisabled(String)
    /// All of it is there, under the name that it was restored with.
    case notRenamed(scratch: String, database: String, why: String)

    /// Whether the command was done in part only.
    package var isIncomplete: Bool {
        switch self {
        case .extensionVersion, .subscriptionDisabled: false
        default: true
        }
    }

    package func sentence(in language: Language) -> String {
        switch self {
        case .rows(let difference):
            language.choose("What was restored differs: ", "Lo restaurado difiere: ") + difference.words(in: language)
        case .notCounted(let why):
            language.choose(
                "It is restored, and its rows could not all be counted: \(why)",
                "Está restaurada, y no se pudieron contar todas sus filas: \(why)")
        case .refused(let statement, let why):
            language.choose(
                "Not restored: \(why). Run as a role that may: \(statement);",
                "No restaurado: \(why). Ejecute con un rol que pueda: \(statement);")
        case .notApplied(let statement):
            language.choose(
                "The database was there and is kept as it was; the backup's has also: \(statement);",
                "La base existía y queda como estaba; la de la copia tiene además: \(statement);")
        case .madeOtherwise(let backup):
            language.choose(
                "The database was there and was made otherwise than the backup's: \(backup);. To have that, restore into a new one",
                "La base existía y se creó de otro modo que la de la copia: \(backup);. Para tenerlo, restaure en una nueva"
            )
        case .notCompared(let why):
            language.choose(
                "Whether settings, owner and rights of the database are the backup's could not be seen: \(why)",
                "No se pudo ver si ajustes, dueño y permisos de la base son los de la copia: \(why)")
        case .extensionVersion(let name, let now, let backup):
            language.choose(
                "Extension \(name) is \(now ?? "missing") here and was \(backup) when the backup was made",
                "La extensión \(name) es \(now ?? "ninguna") aquí y era \(backup) al hacer la copia")
        case .subscriptionDisabled(let name):
            language.choose(
                "Subscription \(name) is restored disabled, as two databases can't share one. When the old one is gone: ALTER SUBSCRIPTION \(SQLText.identifier(name)) ENABLE",
                "La suscripción \(name) queda desactivada, porque dos bases no pueden compartirla. Cuando no esté la antigua: ALTER SUBSCRIPTION \(SQLText.identifier(name)) ENABLE"
            )
        case .notRenamed(let scratch, let database, let why):
            language.choose(
                "It is restored as \(scratch) and could not get its name: \(why). Run: ALTER DATABASE \(SQLText.identifier(scratch)) RENAME TO \(SQLText.identifier(database))",
                "Está restaurada como \(scratch) y no pudo recibir su nombre: \(why). Ejecute: ALTER DATABASE \(SQLText.identifier(scratch)) RENAME TO \(SQLText.identifier(database))"
            )
        }
    }
}
