import Connections

extension RestoreDifference {
    package var spanish: String {
        switch self {
        case .rows(let difference):
            "Lo restaurado difiere: " + difference.spanish
        case .notCounted(let failure):
            "La restauración está hecha, y no se pudieron contar todas sus filas: \(failure.spanish)"
        case .refused(let statement, let why): "No restaurado: \(why). Ejecute con un rol que pueda: \(statement);"
        case .notClosed(let failure):
            "No se pudieron restaurar todos los dueños, permisos y límites de la base: \(failure.spanish). Compárelos con los de la copia: pg_restore --create --schema-only"
        case .notApplied(let statement):
            "La base existía y en esto no se cambió; para dejarla como la de la copia, ejecute: \(statement);"
        case .madeOtherwise(let backup):
            "La base existía y se creó de otro modo que la de la copia: \(backup);. Para tenerlo, restaure en una base nueva"
        case .notCompared(let failure):
            "No se pudieron comparar ajustes, dueño y permisos de la base con los de la copia: \(failure.spanish)"
        case .extensionVersion(let name, let now, let backup):
            "La extensión \(name) es \(now ?? "ninguna") aquí y era \(backup) al hacer la copia"
        case .subscriptionDisabled(let name):
            "La suscripción \(name) queda desactivada, porque dos bases no pueden compartirla. Cuando no esté la antigua: ALTER SUBSCRIPTION \(SQLText.identifier(name)) ENABLE"
        case .notRenamed(let scratch, let database, let failure):
            "Está restaurada como \(scratch) y no pudo recibir su nombre: \(failure.spanish). Ejecute: ALTER DATABASE \(SQLText.identifier(scratch)) RENAME TO \(SQLText.identifier(database))"
        }
    }
}
