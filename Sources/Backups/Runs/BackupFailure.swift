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
    /// `pg_dump` or `age` ended with an error; the words are its own.
    case dumpFailed(String)
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
    /// - others: sentences about what is in the folder and does not count.
    case noBackups(folder: String, others: [String] = [])
    /// It is another service's, and only that one may do this with it.
    case foreign(name: String, service: String?, database: String)
    /// What is in the database would go for another service's backup.
    case foreignOverOwn(name: String, service: String)
    case noSuchBackup(name: String, folder: String)
    case notWhole(name: String, why: String)
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
    /// A stored backup is not what it was; the words say why.
    case damaged(name: String, why: String)
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

extension BackupFailure {
    package func sentence(in language: Language) -> String {
        switch self {
        case .busy(let path):
            language.choose(
                "Another backup, or the pg_dump of one that was killed, is under way (it holds \(path)); nothing was done",
                "Otra copia, o el pg_dump de una interrumpida, está en curso (tiene \(path)); no se hizo nada")
        case .unsafe(let file): file.sentence(in: language)
        case .state(let failure): failure.sentence(in: language)
        case .file(let failure): failure.sentence(in: language)
        case .program(let detail): detail
        case .olderProgram(let path, let version, let server):
            language.choose(
                "\(path) is version \(version) and the server is \(server): it must not be older. Install the client of the server's version and name it in BACKUP_PG_DUMP",
                "\(path) es de la versión \(version) y el servidor de la \(server): no puede ser más antiguo. Instale el cliente de esa versión y nómbrelo en BACKUP_PG_DUMP"
            )
        case .database(let failure):
            language.choose("The database can't be used: \(failure)", "No se puede usar la base de datos: \(failure)")
        case .tooLittleSpace(let path, let free, let needed):
            language.choose(
                "\(path) has \(ByteCount(free)) free, and one and a half times the last backup is \(ByteCount(needed)). Free some space, or lower BACKUP_KEEP_*",
                "\(path) tiene libres \(ByteCount(free)), y vez y media la última copia son \(ByteCount(needed)). Libere espacio o reduzca BACKUP_KEEP_*"
            )
        case .dumpFailed(let words): language.choose("The dump failed: \(words)", "El volcado falló: \(words)")
        case .unreadable(let name, let why):
            language.choose(
                "\(name) can't be read to its end: \(why)", "\(name) no se puede leer hasta el final: \(why)")
        case .altered(let name):
            language.choose(
                "\(name) is not what was written: its checksum differs from the manifest's. The disk is at fault, or somebody changed it: take another backup (backup list)",
                "\(name) no es lo que se escribió: su suma de verificación difiere de la del manifiesto. Falla el disco, o alguien lo cambió: use otra copia (backup list)"
            )
        case .noIdentity(let name):
            language.choose(
                "\(name) is encrypted: set BACKUP_IDENTITY_FILE", "\(name) está cifrado: defina BACKUP_IDENTITY_FILE")
        case .wrongKey, .tooSlow, .newerDump, .notCreated, .missingNames, .lockHeld, .otherEncoding, .noRoom:
            restoreSentence(in: language)
        case .noBackups(let folder, let others):
            others.isEmpty
                ? language.choose("There is no backup in \(folder)", "No hay copias en \(folder)")
                : language.choose(
                    "There is no backup of this service's database in \(folder): ",
                    "No hay copias de la base de este servicio en \(folder): ") + others.joined(separator: "; ")
        case .foreign(let name, let service, let database):
            if let service {
                language.choose(
                    "\(name) is a backup of service \(service); use that service's configuration",
                    "\(name) es una copia del servicio \(service); use la configuración de ese servicio")
            } else {
                language.choose(
                    "\(name) is a backup of database \(database), which is not this service's",
                    "\(name) es una copia de la base \(database), que no es de este servicio")
            }
        case .foreignOverOwn(let name, let service):
            language.choose(
                "\(name) is a backup of service \(service), and --clean drops what is in the database. Add --of \(service) if that is meant",
                "\(name) es una copia del servicio \(service), y --clean elimina el contenido de la base. Añada --of \(service) si es lo que quiere"
            )
        case .noSuchBackup(let name, let folder):
            language.choose(
                "There is no backup \(name) in \(folder); see: backup list",
                "No hay ninguna copia \(name) en \(folder); vea: backup list")
        case .notWhole(let name, let why):
            language.choose("\(name) is not whole: \(why)", "\(name) no está completa: \(why)")
        case .databaseName(let name):
            language.choose("'\(name)' is no name for a database", "'\(name)' no es nombre de base de datos")
        case .notEmpty(let database, let tables):
            language.choose(
                "\(database) is not empty (tables: \(tables)). Name a new one, or add --clean --yes to replace what is in it",
                "\(database) no está vacía (tablas: \(tables)). Nombre una nueva, o añada --clean --yes para reemplazar su contenido"
            )
        case .restoreFailed(let database, let why):
            language.choose(
                "The restore into \(database) failed: \(why)", "La restauración en \(database) falló: \(why)")
        case .rowsDiffer(let first, let more):
            differenceSentence(first, more, language)
        case .upload(let failure):
            BackupMessage.uploadFailed(failure.sentence(in: language)).sentence(in: language)
        case .globals(let failure):
            BackupMessage.globalsFailed(failure.sentence(in: language)).sentence(in: language)
        case .damaged(let name, let why): BackupMessage.damaged(name: name, why: why).sentence(in: language)
        case .restoredDiffering(let difference): difference.sentence(in: language)
        case .partly(let failure): failure.sentence(in: language)
        case .store(let failure):
            language.choose("The store can't be used: ", "No se puede usar el almacén: ")
                + failure.sentence(in: language)
        case .noStore: language.choose("BACKUP_UPLOAD_URL is not set", "BACKUP_UPLOAD_URL no está definido")
        case .interrupted: language.choose("Ended by a signal", "Terminado por una señal")
        }
    }

    private func differenceSentence(_ first: RowDifference, _ more: Int, _ language: Language) -> String {
        let others =
            switch more {
            case 0: ""
            case 1: language.choose(", and 1 more table", ", y 1 tabla más")
            default: language.choose(", and \(more) more tables", ", y \(more) tablas más")
            }
        return language.choose("What was restored differs: ", "Lo restaurado difiere: ") + first.words(in: language)
            + others
    }
}

extension BackupFailure {
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

    /// As it stands in the log.
    func message(in language: Language) -> BackupMessage {
        switch self {
        case .interrupted: .interrupted
        case .globals(let failure): .globalsFailed(failure.sentence(in: language))
        case .upload(let failure): .uploadFailed(failure.sentence(in: language))
        case .damaged(let name, let why): .damaged(name: name, why: why)
        case .restoredDiffering(let difference): .differs(difference)
        default: .failed(sentence(in: language))
        }
    }
}
