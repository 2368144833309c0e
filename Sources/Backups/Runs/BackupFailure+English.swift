import Connections
import Decisions
import Fleet
import Host

extension BackupFailure {
    package var english: String {
        switch self {
        case .busy(let path):
            "Another backup, or the pg_dump of one that was killed, is under way (it holds \(path)); nothing was done"
        case .unsafe(let file): file.english
        case .state(let failure): failure.sentence(in: .english)
        case .file(let failure): failure.english
        case .program(let detail): detail
        case .olderProgram(let path, let version, let server):
            "\(path) is version \(version) and the server is \(server): it must not be older. Install the client of the server's version and name it in BACKUP_PG_DUMP"
        case .database(let failure): "The database can't be used: \(failure.english)"
        case .tooLittleSpace(let path, let free, let needed):
            "\(path) has \(ByteCount(free)) free, and one and a half times the last backup is \(ByteCount(needed)). Free some space, or lower BACKUP_KEEP_*"
        case .dumpFailed(let program, let says): "\(program) failed: \(says)"
        case .unreadable(let name, let why): "\(name) can't be read to its end: \(why)"
        case .altered(let name):
            "\(name) is not what was written: its checksum differs from the manifest's. The disk is at fault, or somebody changed it: take another backup (backup list)"
        case .noIdentity(let name): "\(name) is encrypted: set BACKUP_IDENTITY_FILE"
        case .wrongKey(let name, let identity, let why):
            "\(name) is whole and can't be decrypted with \(identity) (\(why)): name the key that it was encrypted for in BACKUP_IDENTITY_FILE"
        case .tooSlow(let words):
            "It took too long: \(words). The backup is not at fault: raise BACKUP_TIMEOUT, or try when the server has less to do"
        case .newerDump(let name, let version, let program):
            "\(name) was made by pg_dump \(version), and \(program) is older: install the client of that version and name it in BACKUP_PG_DUMP"
        case .notCreated(let database, let why):
            "The database \(database) can't be made with the encoding and locale of the backup: \(why). Nothing was restored; install what is missing on the server (locale-gen for a locale of the system)"
        case .missingNames(let missing, let globals, let server): missing.english(globals: globals, server: server)
        case .lockHeld(let holder, let database, let seconds): holder.english(database: database, seconds: seconds)
        case .otherEncoding(let database, let found, let backup):
            "\(database) has the encoding \(found), and the backup has \(backup): text would be damaged silently. Nothing was changed; restore into a new database, which gets the right one"
        case .noRoom(let server, let path, let free, let needed):
            "\(server) has \(ByteCount(free)) free in \(path), and one and a half times the database is \(ByteCount(needed)): the drill was not started. Free some space there, or hold it on another server (BACKUP_DRILL_HOST)"
        case .noBackups(let folder, let others):
            others.isEmpty
                ? "There is no backup in \(folder)"
                : "There is no backup of this service's database in \(folder): "
                    + others.map(\.english).joined(separator: "; ")
        case .foreign(let name, let service, let database):
            if let service {
                "\(name) is a backup of service \(service); use that service's configuration"
            } else {
                "\(name) is a backup of database \(database), which is not this service's"
            }
        case .foreignOverOwn(let name, let service):
            "\(name) is a backup of service \(service), and --clean drops what is in the database. If you mean that, add --of \(service)"
        case .noSuchBackup(let name, let folder): "There is no backup \(name) in \(folder); see: backup list"
        case .notWhole(let name, let flaw): "\(name) is not whole: \(flaw.english)"
        case .databaseName(let name): "'\(name)' is not a name that a database can have"
        case .notEmpty(let database, let tables):
            "\(database) is not empty (tables: \(tables)). Name a new one, or add --clean --yes to replace what is in it"
        case .restoreFailed(let database, let why): "The restore into \(database) failed: \(why)"
        case .rowsDiffer(let first, let more):
            "What was restored differs: \(first.english)" + Self.others(more)
        case .upload(let failure): "The upload failed, the local backup is whole: \(failure.english)"
        case .globals(let failure):
            "Roles and settings of the server could not be saved (\(failure.english)); the dump itself is good"
        case .damaged(let name, let flaw): "\(name) is damaged and no longer counts as a backup: \(flaw.english)"
        case .restoredDiffering(let difference): difference.english
        case .partly(let failure): failure.english
        case .store(let failure):
            "The store can't be used: \(failure.english)"
        case .noStore: "BACKUP_UPLOAD_URL is not set"
        case .interrupted: "Ended by a signal"
        }
    }

    private static func others(_ more: Int) -> String {
        switch more {
        case 0: ""
        case 1: ", and 1 more table"
        default: ", and \(more) more tables"
        }
    }
}

extension MissingNames {
    fileprivate func english(globals: String?, server: String) -> String {
        var words: [String] = []
        for role in roles {
            words.append("role \"\(role)\" does not exist")
        }
        for tablespace in tablespaces {
            words.append("tablespace \"\(tablespace)\" does not exist")
        }
        var steps: [String] = []
        if !roles.isEmpty {
            let creation = roles.map { "CREATE ROLE \(SQLText.identifier($0));" }.joined(separator: " ")
            steps.append(
                globals.map { "psql -f \($0) postgres" + ", or " + creation } ?? creation)
        }
        if !tablespaces.isEmpty {
            let creation = tablespaces.map { "CREATE TABLESPACE \(SQLText.identifier($0)) LOCATION '…';" }
            steps.append(creation.joined(separator: " "))
        }
        let list = words.joined(separator: ", ")
        let step = steps.joined(separator: "; ")
        return
            "The backup needs what \(server) does not have: \(list). Nothing was restored. Run there, then restore again: \(step)"
    }
}

extension LockHolder {
    fileprivate func english(database: String, seconds: Int) -> String {
        guard pid != 0 else {
            return
                "A prepared transaction holds a lock in \(database) that the restore waited \(seconds) s for; nothing was changed. See SELECT * FROM pg_prepared_xacts, then ROLLBACK PREPARED its gid"
        }
        let who = [user, application, state].compactMap(\.self).joined(separator: ", ")
        let since = self.seconds.map { ", for \($0) s" } ?? ""
        return
            "Session \(pid) (\(who)\(since)) holds a lock in \(database) that the restore waited \(seconds) s for; nothing was changed. End it, SELECT pg_terminate_backend(\(pid)), or stop the application, and restore again"
    }
}

extension RowDifference {
    package var english: String {
        let found = self.found.map(String.init) ?? "no such table"
        let name = RawText.readable(table)
        return "\(name) has \(found) instead of \(expected) \(expected == 1 ? "row" : "rows")"
    }
}
