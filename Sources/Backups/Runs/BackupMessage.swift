package import Decisions
package import Reporting

/// Every line that `backup` can log, in both languages.
package enum BackupMessage: Equatable, Sendable {
    case started(database: String)
    case leftoversRemoved(Int)
    /// Another run, of whichever service, writes into the folder.
    case waitingForFolder(String)
    /// Backups that are not removed because of whose they are.
    case leftAlone(String)
    case claimed(name: String)
    case dumped(bytes: Int, seconds: Double)
    case verified(name: String, tables: Int, rows: Int, seconds: Double)
    case notVerified(name: String)
    case globalsSkipped(role: String)
    case globalsFailed(String)
    case uploaded(url: String, bytes: Int, seconds: Double)
    case uploadFailed(String)
    case storeLeftoversRemoved(Int)
    case partialUploadsNotSeen(String)
    case removed(name: String, bytes: Int)
    case inFuture(name: String, time: String)
    case done(BackupReport)
    case damaged(name: String, why: String)
    case drilled(name: String, tables: Int, rows: Int, seconds: Double)
    case restored(name: String, database: String, tables: Int, rows: Int, seconds: Double)
    /// All of it is there but for the differences that were said.
    case restoredDiffering(name: String, database: String, differences: Int)
    case differs(RestoreDifference)
    case scratchKept(database: String, why: String)
    /// A restore that was killed after it had all, and before it had its name.
    case restoreLeft(database: String)
    case leftOut(roles: [String])
    case roomUnknown(server: String, needed: Int)
    case littleRoom(server: String, path: String, free: Int, needed: Int)
    case exposure(String)
    case alertUntold(String)
    case interrupted
    case failed(String)
}

extension BackupMessage: LogMessage {
    package var level: MessageLevel {
        switch self {
        case .started, .dumped, .verified, .uploaded, .removed, .done, .drilled, .restored,
            .leftoversRemoved, .storeLeftoversRemoved, .waitingForFolder, .leftAlone, .claimed, .roomUnknown,
            .leftOut:
            .plain
        case .partialUploadsNotSeen, .notVerified, .inFuture, .globalsSkipped, .exposure, .alertUntold, .interrupted,
            .scratchKept, .differs, .restoreLeft, .littleRoom, .restoredDiffering:
            .warning
        case .globalsFailed, .uploadFailed, .damaged, .failed: .error
        }
    }

    package var code: String? {
        switch self {
        case .started, .done: nil
        case .leftoversRemoved: "leftovers_removed"
        case .waitingForFolder: "waiting_for_folder"
        case .leftAlone: "left_alone"
        case .claimed: "claimed"
        case .dumped: "dumped"
        case .verified: "verified"
        case .notVerified: "not_verified"
        case .globalsSkipped: "globals_skipped"
        case .globalsFailed: "globals_failed"
        case .uploaded: "uploaded"
        case .uploadFailed: "upload_failed"
        case .storeLeftoversRemoved: "store_leftovers_removed"
        case .partialUploadsNotSeen: "partial_uploads_not_seen"
        case .removed: "removed"
        case .inFuture: "in_future"
        case .damaged: "damaged"
        case .drilled: "drilled"
        case .restored: "restored"
        case .restoredDiffering: "restored_differing"
        case .differs: "differs"
        case .scratchKept: "scratch_kept"
        case .restoreLeft: "restore_left"
        case .leftOut: "left_out"
        case .roomUnknown: "room_unknown"
        case .littleRoom: "little_room"
        case .exposure: "readable_secret"
        case .alertUntold: "alert_untold"
        case .interrupted: "interrupted"
        case .failed: "failed"
        }
    }

    package func sentence(in language: Language) -> String {
        switch self {
        case .started(let database):
            language.choose("Backup of \(database) started", "Copia de \(database) iniciada")
        case .leftoversRemoved(let count):
            language.choose(
                "Unfinished files of an earlier run removed: \(count)",
                "Archivos sin terminar de una ejecución anterior eliminados: \(count)")
        case .waitingForFolder(let folder):
            language.choose(
                "Waiting: another backup is under way in \(folder)", "En espera: hay otra copia en curso en \(folder)")
        case .leftAlone(let sentence): language.choose("Not touched: ", "Sin tocar: ") + sentence
        case .claimed(let name):
            language.choose(
                "\(name) is this service's from now on", "\(name) es de este servicio desde ahora")
        case .dumped(let bytes, let seconds):
            language.choose("Dumped: ", "Volcado: ") + Self.figures(bytes, seconds)
        case .verified(let name, let tables, let rows, let seconds):
            language.choose(
                "Verified by a full read: ", "Verificada con una lectura completa: ")
                + "\(name), \(RowsInTables(rows: rows, tables: tables).words(in: language)), \(Self.time(seconds))"
        case .notVerified(let name):
            language.choose(
                "\(name) is not verified: it is encrypted and BACKUP_IDENTITY_FILE is not set",
                "\(name) no está verificada: está cifrada y BACKUP_IDENTITY_FILE no está definido")
        case .globalsSkipped(let role):
            language.choose(
                "Roles and settings of the server are not saved: \(role) may not read pg_authid. A superuser may",
                "Los roles y ajustes del servidor no se guardan: \(role) no puede leer pg_authid. Un superusuario puede"
            )
        case .globalsFailed(let why):
            language.choose(
                "Roles and settings of the server could not be saved: \(why)",
                "No se pudieron guardar los roles y ajustes del servidor: \(why)")
        case .uploaded(let url, let bytes, let seconds):
            language.choose("Uploaded to ", "Subida a ") + "\(url): " + Self.figures(bytes, seconds)
        case .uploadFailed(let why):
            language.choose(
                "The upload failed, the local backup is whole: \(why)",
                "La subida falló, la copia local está completa: \(why)")
        case .storeLeftoversRemoved(let count):
            language.choose(
                "Unfinished uploads and removals of an earlier run cleared from the store: \(count)",
                "Subidas y eliminaciones sin terminar de una ejecución anterior retiradas del almacén: \(count)")
        case .partialUploadsNotSeen(let why):
            language.choose(
                "The store does not say which uploads in parts were cut short, and may bill their parts: \(why)",
                "El almacén no dice qué subidas por partes quedaron a medias, y puede cobrar sus partes: \(why)")
        case .removed(let name, let bytes):
            language.choose("Removed: ", "Eliminada: ") + "\(name) (\(ByteCount(bytes)))"
        case .inFuture(let name, let time):
            language.choose(
                "\(name) is of the future (\(time)): it was made with a wrong clock, or this host's clock is wrong now. It counts for nothing and stays; look at the clock (timedatectl)",
                "\(name) es del futuro (\(time)): se hizo con un reloj equivocado, o el de este host lo está ahora. No cuenta y se queda; mire el reloj (timedatectl)"
            )
        case .done(let report):
            language.choose("Backup done: ", "Copia terminada: ")
                + "\(report.name ?? ""), \(ByteCount(report.bytes)), "
                + RowsInTables(rows: report.rows, tables: report.tables).words(in: language)
                + ", \(Self.time(report.seconds)); "
                + language.choose(
                    "kept: \(report.kept), removed: \(report.removed.count)",
                    "conservadas: \(report.kept), eliminadas: \(report.removed.count)")
        case .damaged(let name, let why):
            language.choose(
                "\(name) is damaged and counts for nothing from now on: \(why)",
                "\(name) está dañada y ya no cuenta: \(why)")
        case .drilled(let name, let tables, let rows, let seconds):
            language.choose(
                "Drill passed: \(name) was restored in ", "Simulacro superado: \(name) se restauró en ")
                + "\(Self.time(seconds)), \(RowsInTables(rows: rows, tables: tables).areThere(in: language))"
        case .restored(let name, let database, let tables, let rows, let seconds):
            language.choose(
                "Restored: \(name) into \(database) in ", "Restaurada: \(name) en \(database) en ")
                + "\(Self.time(seconds)), \(RowsInTables(rows: rows, tables: tables).areThere(in: language))"
        case .restoredDiffering(let name, let database, let differences):
            language.choose(
                "Restored: \(name) into \(database), but for what is said above (\(differences))",
                "Restaurada: \(name) en \(database), salvo lo dicho arriba (\(differences))")
        case .differs(let difference): difference.sentence(in: language)
        case .scratchKept(let database, let why):
            language.choose(
                "The scratch database could not be dropped: \(why). Run: DROP DATABASE \"\(database)\" WITH (FORCE)",
                "No se pudo eliminar la base temporal: \(why). Ejecute: DROP DATABASE \"\(database)\" WITH (FORCE)")
        case .restoreLeft(let database):
            language.choose(
                "\(database) was restored as a whole by a run that was killed before it could rename it. Rename it, ALTER DATABASE \"\(database)\" RENAME TO …, or drop it, DROP DATABASE \"\(database)\"",
                "\(database) la restauró entera una ejecución interrumpida antes de poder renombrarla. Renómbrela, ALTER DATABASE \"\(database)\" RENAME TO …, o elimínela, DROP DATABASE \"\(database)\""
            )
        case .leftOut(let roles):
            language.choose(
                "Policies and user mappings are left out of this drill, because their roles are not on its server: \(roles.joined(separator: ", "))",
                "Este simulacro omite políticas y user mappings, porque sus roles no están en su servidor: \(roles.joined(separator: ", "))"
            )
        case .roomUnknown(let server, let needed):
            language.choose(
                "How much space \(server) has can't be seen from here; the drill takes up to \(ByteCount(needed)) there",
                "Desde aquí no se ve el espacio de \(server); el simulacro ocupa allí hasta \(ByteCount(needed))")
        case .littleRoom(let server, let path, let free, let needed):
            language.choose(
                "\(server) has \(ByteCount(free)) free in \(path), and the restore takes up to \(ByteCount(needed)) there",
                "\(server) tiene libres \(ByteCount(free)) en \(path), y la restauración ocupa allí hasta \(ByteCount(needed))"
            )
        case .exposure(let sentence), .alertUntold(let sentence), .failed(let sentence): sentence
        case .interrupted:
            language.choose(
                "Ended by a signal; what was unfinished is removed",
                "Terminado por una señal; lo inacabado se eliminó")
        }
    }

    private static func figures(_ bytes: Int, _ seconds: Double) -> String {
        let rate = seconds > 0 ? Int(min(Double(bytes) / seconds, 1e15)) : bytes
        return "\(ByteCount(bytes)), \(time(seconds)), \(ByteCount(rate))/s"
    }

    /// `0.4 s`, `12 s`, `3 min 20 s`.
    private static func time(_ seconds: Double) -> String {
        if seconds < 9.95 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }
}
