import Connections
import Decisions

extension BackupMessage {
    package var spanish: String {
        switch self {
        case .started(let database): "Copia de \(database) iniciada"
        case .leftoversRemoved(let count): "Archivos sin terminar de una ejecución anterior eliminados: \(count)"
        case .waitingForFolder(let folder): "En espera: hay otra copia en curso en \(folder)"
        case .leftAlone(let backups): "Sin tocar: \(backups.spanish)"
        case .claimed(let name): "\(name) pertenece a este servicio desde ahora"
        case .dumped(let bytes, let seconds):
            "Volcado: " + Self.figures(bytes, seconds)
        case .verified(let name, let tables, let rows, let seconds):
            "Verificada con una lectura completa: "
                + "\(name), \(RowsInTables(rows: rows, tables: tables).spanish), \(Self.time(seconds))"
        case .notVerified(let name):
            "\(name) no está verificada: está cifrada y BACKUP_IDENTITY_FILE no está definido"
        case .globalsSkipped(let role):
            "Los roles y ajustes del servidor no se guardan: \(role) no puede leer pg_authid. Un superusuario puede"
        case .uploaded(let url, let bytes, let seconds):
            "Subida a \(url): " + Self.figures(bytes, seconds)
        case .storeLeftoversRemoved(let count):
            "Subidas y eliminaciones sin terminar de una ejecución anterior retiradas del almacén: \(count)"
        case .partialUploadsNotSeen(let failure):
            "El almacén no lista las subidas multiparte sin terminar; sus partes se pueden cobrar: \(failure.spanish)"
        case .removed(let name, let bytes): "Eliminada: \(name) (\(ByteCount(bytes)))"
        case .inFuture(let name, let time):
            "\(name) tiene una hora futura (\(time)): el reloj estaba mal al hacerla, o lo está ahora. No cuenta y se conserva; compruebe el reloj con timedatectl"
        case .done(let report):
            "Copia terminada: "
                + "\(report.name ?? ""), \(ByteCount(report.bytes)), "
                + RowsInTables(rows: report.rows, tables: report.tables).spanish
                + ", \(Self.time(report.seconds)); "
                + "conservadas: \(report.kept), eliminadas: \(report.removed.count)"
        case .drilled(let name, let tables, let rows, let seconds):
            "Simulacro superado: \(name) se restauró en "
                + "\(Self.time(seconds)), \(RowsInTables(rows: rows, tables: tables).spanishAndThere)"
        case .restored(let name, let database, let tables, let rows, let seconds):
            "Restaurada: \(name) en \(database) en "
                + "\(Self.time(seconds)), \(RowsInTables(rows: rows, tables: tables).spanishAndThere)"
        case .restoredDiffering(let name, let database, let differences):
            "Restaurada: \(name) en \(database), con las diferencias nombradas arriba: \(differences)"
        case .differs(let difference): difference.spanish
        case .scratchKept(let database, let failure):
            "No se pudo eliminar la base temporal: \(failure.spanish). Ejecute: DROP DATABASE \"\(database)\" WITH (FORCE)"
        case .restoreLeft(let database):
            "\(database) la restauró entera una ejecución interrumpida antes de poder renombrarla. Renómbrela, ALTER DATABASE \"\(database)\" RENAME TO …, o elimínela, DROP DATABASE \"\(database)\""
        case .leftOut(let roles):
            "Este simulacro omite políticas y user mappings, porque sus roles no están en su servidor: \(roles.joined(separator: ", "))"
        case .roomUnknown(let server, let needed):
            "Desde aquí no se ve el espacio libre de \(server); el simulacro ocupa allí hasta \(ByteCount(needed))"
        case .littleRoom(let server, let path, let free, let needed):
            "\(server) tiene libres \(ByteCount(free)) en \(path), y la restauración ocupa allí hasta \(ByteCount(needed))"
        case .exposure(let sentence), .alertUntold(let sentence): sentence
        case .failed(let failure): failure.spanish
        case .interrupted: "Terminado por una señal; lo inacabado se eliminó"
        }
    }
}
