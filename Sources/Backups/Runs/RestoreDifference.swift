import Decisions

/// What a restore did not bring back as it was, and what brings it back. Nothing is dropped for it: the data is there.
package indirect enum RestoreDifference: Equatable, Sendable {
    case rows(RowDifference)
    case notCounted(BackupFailure)
    /// Owner, rights and limits of the database, which come last.
    case notClosed(BackupFailure)
    /// A statement about the database as a whole that the server refused, in its words.
    case refused(statement: String, why: String)
    /// The database was there before the restore and has not what this statement gives it.
    case notApplied(statement: String)
    /// Encoding, locale and tablespace are given when a database is made, never later.
    case madeOtherwise(backup: String)
    /// Whether a database that was there is as the backup's was.
    case notCompared(BackupFailure)
    case extensionVersion(name: String, now: String?, backup: String)
    case subscriptionDisabled(String)
    /// All of it is there, under the name that it was restored with.
    case notRenamed(scratch: String, database: String, BackupFailure)

    /// Whether the command was done in part only.
    package var isIncomplete: Bool {
        switch self {
        case .extensionVersion, .subscriptionDisabled: false
        default: true
        }
    }
}

extension RestoreDifference: Catalogue {}
