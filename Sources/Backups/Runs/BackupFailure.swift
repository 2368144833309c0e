package import Connections
package import Decisions
package import Fleet
package import Host
package import Reporting

/// Why `backup` could not do what it was asked for.
package indirect enum BackupFailure: CommandFailure, Equatable {
    case busy(path: String)
    case unsafe(UnsafeFile)
    /// The folder of the lock is another service's.
    case state(StateFile.Failure)
    case file(FileFailure)
    /// A program is missing or does not run.
    case program(String)
    /// `pg_dump` refuses a server that is newer than itself.
    case olderProgram(path: String, version: String, server: String)
    case database(PostgresFailure)
    case tooLittleSpace(path: String, free: Int, needed: Int)
    /// What made the dump, `pg_dump` say, ended with an error.
    case dumpFailed(program: String, says: String)
    /// A dump can't be read to its end.
    case unreadable(name: String, why: String)
    /// The bytes are not those that were written.
    case altered(name: String)
    case noIdentity(name: String)
    /// The bytes are right, and the key does not open them.
    case wrongKey(name: String, identity: String, why: String)
    /// A program was ended because it took longer than it may; that says nothing about the backup.
    case tooSlow(String)
    /// `pg_restore` reads no dump of a newer `pg_dump`.
    case newerDump(name: String, version: String, program: String)
    /// - others: what is in the folder and does not count.
    case noBackups(folder: String, others: [BackupsOfOthers] = [])
    /// It is another service's, and only that one may do this with it.
    case foreign(name: String, service: String?, database: String)
    /// What is in the database would go for another service's backup.
    case foreignOverOwn(name: String, service: String)
    case noSuchBackup(name: String, folder: String)
    case notWhole(name: String, BackupFlaw)
    case databaseName(String)
    case notEmpty(database: String, tables: Int)
    case restoreFailed(database: String, why: String)
    /// The database itself could not be made as the backup's was; the words are the server's.
    case notCreated(database: String, why: String)
    /// What the dump names and the server has not; with the file that has the roles, where there is one.
    case missingNames(MissingNames, globals: String?, server: String)
    case lockHeld(LockHolder, database: String, seconds: Int)
    /// What would be written into it would be damaged without a word.
    case otherEncoding(database: String, found: String, backup: String)
    /// On the database server's disk.
    case noRoom(server: String, path: String, free: Int, needed: Int)
    case rowsDiffer(RowDifference, more: Int)
    case upload(StoreFailure)
    /// It can't be asked what it has.
    case store(StoreFailure)
    case noStore
    /// What was done beside the work here, which stays done.
    case partly(BackupFailure)
    /// The dump is good; roles and settings of the server are not with it.
    case globals(BackupFailure)
    /// A stored backup is not what it was.
    case damaged(name: String, BackupFlaw)
    case restoredDiffering(RestoreDifference)
    /// The signal's number.
    case interrupted(Int32)
}

/// A table that has not the rows that the manifest says.
package struct RowDifference: Equatable, Sendable {
    package let table: String
    package let expected: Int
    /// `nil`: the table is not there.
    package let found: Int?
}

extension RowDifference: Catalogue {}

extension BackupFailure: Catalogue {
    package var exitStatus: ExitStatus {
        switch self {
        case .busy: .busy
        case .unsafe: .notPermitted
        case .state(let failure): ExitStatus(RunFailure.state(failure))
        case .file(let failure), .store(.file(let failure)): ExitStatus(failure)
        case .program, .olderProgram: .unavailable
        case .database(let failure): failure.isRefusal ? .notPermitted : .unavailable
        case .tooLittleSpace, .noRoom: .notWritten
        case .newerDump: .unavailable
        case .tooSlow, .notCreated, .missingNames, .lockHeld: .failed
        case .otherEncoding: .wrongUse
        case .wrongKey: .badConfiguration
        case .dumpFailed, .unreadable, .altered, .noBackups, .notWhole, .restoreFailed, .rowsDiffer: .failed
        case .noSuchBackup, .databaseName, .notEmpty, .foreign, .foreignOverOwn: .wrongUse
        case .noIdentity, .noStore, .store(.noCredentials): .badConfiguration
        case .store(.otherRegion): .badConfiguration
        case .store(.refused(401, _)), .store(.refused(403, _)): .notPermitted
        case .store: .unavailable
        case .upload, .partly, .globals, .restoredDiffering: .partlyDone
        case .damaged: .failed
        case .interrupted(let signal): signal == 2 ? .interrupted : .terminated
        }
    }

    /// The spelling for machines.
    var code: String {
        switch self {
        case .globals: "globals_failed"
        case .upload: "upload_failed"
        case .damaged: "damaged"
        default: "failed"
        }
    }
}
