import Connections
import Decisions
import Host

/// What keeps a backup from being restored, each with its own next step: none of them is damage.
extension BackupFailure {
    func restoreSentence(in language: Language) -> String {
        switch self {
        case .wrongKey(let name, let identity, let why):
            language.choose(
                "\(name) is whole and can't be decrypted with \(identity) (\(why)): name the key that it was encrypted for in BACKUP_IDENTITY_FILE",
                "\(name) está completo y no se puede descifrar con \(identity) (\(why)): ponga en BACKUP_IDENTITY_FILE la clave para la que se cifró"
            )
        case .tooSlow(let words):
            language.choose(
                "It took too long: \(words). The backup is not at fault: raise BACKUP_TIMEOUT, or try when the server has less to do",
                "Tardó demasiado: \(words). La copia no tiene la culpa: suba BACKUP_TIMEOUT o inténtelo cuando el servidor tenga menos trabajo"
            )
        case .newerDump(let name, let version, let program):
            language.choose(
                "\(name) was made by pg_dump \(version), and \(program) is older: install the client of that version and name it in BACKUP_PG_DUMP",
                "\(name) la hizo pg_dump \(version), y \(program) es más antiguo: instale el cliente de esa versión y nómbrelo en BACKUP_PG_DUMP"
            )
        case .notCreated(let database, let why):
            language.choose(
                "The database \(database) can't be made with the encoding and locale of the backup: \(why). Nothing was restored; install what is missing on the server (locale-gen for a locale of the system)",
                "No se puede crear la base \(database) con la codificación y el locale de la copia: \(why). No se restauró nada; instale lo que falta en el servidor (locale-gen para un locale del sistema)"
            )
        case .missingNames(let missing, let globals, let server):
            missing.sentence(globals: globals, server: server, in: language)
        case .lockHeld(let holder, let database, let seconds):
            holder.sentence(database: database, seconds: seconds, in: language)
        case .otherEncoding(let database, let found, let backup):
            language.choose(
                "\(database) has the encoding \(found), and the backup \(backup): text would be damaged without a word. Nothing was changed; restore into a new database, which gets the right one",
                "\(database) tiene la codificación \(found), y la copia \(backup): el texto se dañaría sin aviso. No se cambió nada; restaure en una base nueva, que tendrá la correcta"
            )
        case .noRoom(let server, let path, let free, let needed):
            language.choose(
                "\(server) has \(ByteCount(free)) free in \(path), and one and a half times the database is \(ByteCount(needed)): the drill was not started. Free some space there, or hold it on another server (BACKUP_DRILL_HOST)",
                "\(server) tiene libres \(ByteCount(free)) en \(path), y vez y media la base son \(ByteCount(needed)): el simulacro no empezó. Libere espacio allí, o hágalo en otro servidor (BACKUP_DRILL_HOST)"
            )
        default: ""
        }
    }
}

extension MissingNames {
    func sentence(globals: String?, server: String, in language: Language) -> String {
        var words: [String] = []
        for role in roles {
            words.append(
                language.choose("role \"\(role)\" does not exist", "el rol \"\(role)\" no existe"))
        }
        for tablespace in tablespaces {
            words.append(
                language.choose(
                    "tablespace \"\(tablespace)\" does not exist", "el tablespace \"\(tablespace)\" no existe"))
        }
        var steps: [String] = []
        if !roles.isEmpty {
            let creation = roles.map { "CREATE ROLE \(SQLText.identifier($0));" }.joined(separator: " ")
            steps.append(
                globals.map { "psql -f \($0) postgres" + language.choose(", or ", ", o ") + creation } ?? creation)
        }
        if !tablespaces.isEmpty {
            let creation = tablespaces.map { "CREATE TABLESPACE \(SQLText.identifier($0)) LOCATION '…';" }
            steps.append(creation.joined(separator: " "))
        }
        let list = words.joined(separator: ", ")
        let step = steps.joined(separator: "; ")
        return language.choose(
            "The backup needs what \(server) has not: \(list). Nothing was restored. Run there, then again: \(step)",
            "La copia necesita lo que \(server) no tiene: \(list). No se restauró nada. Ejecute allí, y repita: \(step)"
        )
    }
}

extension LockHolder {
    func sentence(database: String, seconds: Int, in language: Language) -> String {
        guard pid != 0 else {
            return language.choose(
                "A prepared transaction holds a lock in \(database) that the restore waited \(seconds) s for; nothing was changed. See SELECT * FROM pg_prepared_xacts, then ROLLBACK PREPARED its gid",
                "Una transacción preparada tiene un bloqueo en \(database) que la restauración esperó \(seconds) s; no se cambió nada. Vea SELECT * FROM pg_prepared_xacts, y ejecute ROLLBACK PREPARED con su gid"
            )
        }
        let who = [user, application, state].compactMap(\.self).joined(separator: ", ")
        let since = self.seconds.map { language.choose(", for \($0) s", ", desde hace \($0) s") } ?? ""
        return language.choose(
            "Session \(pid) (\(who)\(since)) holds a lock in \(database) that the restore waited \(seconds) s for; nothing was changed. End it, SELECT pg_terminate_backend(\(pid)), or stop the application, and restore again",
            "La sesión \(pid) (\(who)\(since)) tiene un bloqueo en \(database) que la restauración esperó \(seconds) s; no se cambió nada. Termínela, SELECT pg_terminate_backend(\(pid)), o pare la aplicación, y restaure otra vez"
        )
    }
}

extension RowDifference {
    func words(in language: Language) -> String {
        let found = self.found.map(String.init) ?? language.choose("no such table", "no existe")
        let name = RawText.readable(table)
        return language.choose(
            "\(name) has \(found) instead of \(expected) \(expected == 1 ? "row" : "rows")",
            "\(name) tiene \(found) en vez de \(expected) \(expected == 1 ? "fila" : "filas")")
    }
}
