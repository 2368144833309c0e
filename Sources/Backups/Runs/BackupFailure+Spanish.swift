import Connections
import Decisions
import Fleet
import Host

extension BackupFailure {
    package var spanish: String {
        switch self {
        case .busy(let path):
            "Otra copia, o el pg_dump de una interrumpida, está en curso (tiene \(path)); no se hizo nada"
        case .unsafe(let file): file.spanish
        case .state(let failure): failure.sentence(in: .spanish)
        case .file(let failure): failure.spanish
        case .program(let detail): detail
        case .olderProgram(let path, let version, let server):
            "\(path) es de la versión \(version) y el servidor de la \(server): no puede ser más antiguo. Instale el cliente de esa versión y nómbrelo en BACKUP_PG_DUMP"
        case .database(let failure): "No se puede usar la base de datos: \(failure.spanish)"
        case .tooLittleSpace(let path, let free, let needed):
            "\(path) tiene libres \(ByteCount(free)), y vez y media la última copia son \(ByteCount(needed)). Libere espacio o reduzca BACKUP_KEEP_*"
        case .dumpFailed(let program, let says): "\(program) falló: \(says)"
        case .unreadable(let name, let why): "\(name) no se puede leer hasta el final: \(why)"
        case .altered(let name):
            "\(name) no es lo que se escribió: su suma de verificación difiere de la del manifiesto. Falla el disco, o alguien lo cambió: use otra copia (backup list)"
        case .noIdentity(let name): "\(name) está cifrado: defina BACKUP_IDENTITY_FILE"
        case .wrongKey(let name, let identity, let why):
            "\(name) está completo y no se puede descifrar con \(identity) (\(why)): ponga en BACKUP_IDENTITY_FILE la clave para la que se cifró"
        case .tooSlow(let words):
            "Tardó demasiado: \(words). La copia no tiene la culpa: suba BACKUP_TIMEOUT o inténtelo cuando el servidor tenga menos trabajo"
        case .newerDump(let name, let version, let program):
            "\(name) la hizo pg_dump \(version), y \(program) es más antiguo: instale el cliente de esa versión y nómbrelo en BACKUP_PG_DUMP"
        case .notCreated(let database, let why):
            "No se puede crear la base \(database) con la codificación y el locale de la copia: \(why). No se restauró nada; instale lo que falta en el servidor (locale-gen para un locale del sistema)"
        case .missingNames(let missing, let globals, let server): missing.spanish(globals: globals, server: server)
        case .lockHeld(let holder, let database, let seconds): holder.spanish(database: database, seconds: seconds)
        case .otherEncoding(let database, let found, let backup):
            "\(database) tiene la codificación \(found), y la copia \(backup): el texto se dañaría sin aviso. No se cambió nada; restaure en una base nueva, que tendrá la correcta"
        case .noRoom(let server, let path, let free, let needed):
            "\(server) tiene libres \(ByteCount(free)) en \(path), y vez y media la base son \(ByteCount(needed)): el simulacro no empezó. Libere espacio allí, o hágalo en otro servidor (BACKUP_DRILL_HOST)"
        case .noBackups(let folder, let others):
            others.isEmpty
                ? "No hay copias en \(folder)"
                : "No hay copias de la base de este servicio en \(folder): "
                    + others.map(\.spanish).joined(separator: "; ")
        case .foreign(let name, let service, let database):
            if let service {
                "\(name) es una copia del servicio \(service); use la configuración de ese servicio"
            } else {
                "\(name) es una copia de la base \(database), que no es de este servicio"
            }
        case .foreignOverOwn(let name, let service):
            "\(name) es una copia del servicio \(service), y --clean elimina el contenido de la base. Si es lo que quiere, añada --of \(service)"
        case .noSuchBackup(let name, let folder): "No hay ninguna copia \(name) en \(folder); vea: backup list"
        case .notWhole(let name, let flaw): "\(name) no está completa: \(flaw.spanish)"
        case .databaseName(let name): "'\(name)' no puede ser el nombre de una base de datos"
        case .notEmpty(let database, let tables):
            "\(database) no está vacía (tablas: \(tables)). Nombre una nueva, o añada --clean --yes para reemplazar su contenido"
        case .restoreFailed(let database, let why): "La restauración en \(database) falló: \(why)"
        case .rowsDiffer(let first, let more):
            "Lo restaurado difiere: \(first.spanish)" + Self.others(more)
        case .upload(let failure): "La subida falló, la copia local está completa: \(failure.spanish)"
        case .globals(let failure):
            "No se pudieron guardar los roles y ajustes del servidor (\(failure.spanish)); el volcado en sí está bien"
        case .damaged(let name, let flaw): "\(name) está dañada y ya no cuenta como copia: \(flaw.spanish)"
        case .restoredDiffering(let difference): difference.spanish
        case .partly(let failure): failure.spanish
        case .store(let failure):
            "No se puede usar el almacén: \(failure.spanish)"
        case .noStore: "BACKUP_UPLOAD_URL no está definido"
        case .interrupted: "Terminado por una señal"
        }
    }

    private static func others(_ more: Int) -> String {
        switch more {
        case 0: ""
        case 1: ", y 1 tabla más"
        default: ", y \(more) tablas más"
        }
    }
}

extension MissingNames {
    fileprivate func spanish(globals: String?, server: String) -> String {
        var words: [String] = []
        for role in roles {
            words.append(
                "el rol \"\(role)\" no existe")
        }
        for tablespace in tablespaces {
            words.append(
                "el tablespace \"\(tablespace)\" no existe")
        }
        var steps: [String] = []
        if !roles.isEmpty {
            let creation = roles.map { "CREATE ROLE \(SQLText.identifier($0));" }.joined(separator: " ")
            steps.append(
                globals.map { "psql -f \($0) postgres" + ", o " + creation } ?? creation)
        }
        if !tablespaces.isEmpty {
            let creation = tablespaces.map { "CREATE TABLESPACE \(SQLText.identifier($0)) LOCATION '…';" }
            steps.append(creation.joined(separator: " "))
        }
        let list = words.joined(separator: ", ")
        let step = steps.joined(separator: "; ")
        return
            "La copia necesita lo que \(server) no tiene: \(list). No se restauró nada. Ejecute allí, y restaure otra vez: \(step)"
    }
}

extension LockHolder {
    fileprivate func spanish(database: String, seconds: Int) -> String {
        guard pid != 0 else {
            return
                "Una transacción preparada tiene un bloqueo en \(database) que la restauración esperó \(seconds) s; no se cambió nada. Vea SELECT * FROM pg_prepared_xacts, y ejecute ROLLBACK PREPARED con su gid"
        }
        let who = [user, application, state].compactMap(\.self).joined(separator: ", ")
        let since = self.seconds.map { ", desde hace \($0) s" } ?? ""
        return
            "La sesión \(pid) (\(who)\(since)) tiene un bloqueo en \(database) que la restauración esperó \(seconds) s; no se cambió nada. Termínela, SELECT pg_terminate_backend(\(pid)), o pare la aplicación, y restaure otra vez"
    }
}

extension RowDifference {
    package var spanish: String {
        let found = self.found.map(String.init) ?? "no existe"
        let name = RawText.readable(table)
        return "\(name) tiene \(found) en vez de \(expected) \(expected == 1 ? "fila" : "filas")"
    }
}
