import Connections

extension RestoreDifference {
    package var english: String {
        switch self {
        case .rows(let difference):
            "What was restored differs: " + difference.english
        case .notCounted(let failure): "The restore is done, and its rows could not all be counted: \(failure.english)"
        case .refused(let statement, let why): "Not restored: \(why). Run as a role that may: \(statement);"
        case .notClosed(let failure):
            "Owner, rights and limits of the database could not all be restored: \(failure.english). Compare them with the backup's: pg_restore --create --schema-only"
        case .notApplied(let statement):
            "The database existed and was not changed in this; to make it as the backup's, run: \(statement);"
        case .madeOtherwise(let backup):
            "The database existed and was created differently from the backup's: \(backup);. To have that, restore into a new database"
        case .notCompared(let failure):
            "Settings, owner and rights of the database could not be compared with the backup's: \(failure.english)"
        case .extensionVersion(let name, let now, let backup):
            "Extension \(name) is \(now ?? "missing") here and was \(backup) when the backup was made"
        case .subscriptionDisabled(let name):
            "Subscription \(name) is restored disabled, as two databases can't share one. When the old one is gone: ALTER SUBSCRIPTION \(SQLText.identifier(name)) ENABLE"
        case .notRenamed(let scratch, let database, let failure):
            "It is restored as \(scratch) and could not get its name: \(failure.english). Run: ALTER DATABASE \(SQLText.identifier(scratch)) RENAME TO \(SQLText.identifier(database))"
        }
    }
}
