import Connections
import Decisions

extension BackupMessage {
    package var english: String {
        switch self {
        case .started(let database): "Backup of \(database) started"
        case .leftoversRemoved(let count): "Unfinished files of an earlier run removed: \(count)"
        case .waitingForFolder(let folder): "Waiting: another backup is under way in \(folder)"
        case .leftAlone(let backups): "Not touched: \(backups.english)"
        case .claimed(let name): "\(name) belongs to this service from now on"
        case .dumped(let bytes, let seconds):
            "Dumped: " + Self.figures(bytes, seconds)
        case .verified(let name, let tables, let rows, let seconds):
            "Verified by a full read: "
                + "\(name), \(RowsInTables(rows: rows, tables: tables).english), \(Self.time(seconds))"
        case .notVerified(let name): "\(name) is not verified: it is encrypted and BACKUP_IDENTITY_FILE is not set"
        case .globalsSkipped(let role):
            "Roles and settings of the server are not saved: \(role) may not read pg_authid; a superuser may"
        case .uploaded(let url, let bytes, let seconds):
            "Uploaded to \(url): " + Self.figures(bytes, seconds)
        case .storeLeftoversRemoved(let count):
            "Unfinished uploads and removals of an earlier run cleared from the store: \(count)"
        case .partialUploadsNotSeen(let failure):
            "The store does not list unfinished multipart uploads; their parts may be billed: \(failure.english)"
        case .removed(let name, let bytes): "Removed: \(name) (\(ByteCount(bytes)))"
        case .inFuture(let name, let time):
            "\(name) has a time in the future (\(time)): the clock was wrong when it was made, or is wrong now. It does not count and is kept; check the clock with timedatectl"
        case .done(let report):
            "Backup done: "
                + "\(report.name ?? ""), \(ByteCount(report.bytes)), "
                + RowsInTables(rows: report.rows, tables: report.tables).english
                + ", \(Self.time(report.seconds)); "
                + "kept: \(report.kept), removed: \(report.removed.count)"
        case .drilled(let name, let tables, let rows, let seconds):
            "Drill passed: \(name) was restored in "
                + "\(Self.time(seconds)), \(RowsInTables(rows: rows, tables: tables).englishAndThere)"
        case .restored(let name, let database, let tables, let rows, let seconds):
            "Restored: \(name) into \(database) in "
                + "\(Self.time(seconds)), \(RowsInTables(rows: rows, tables: tables).englishAndThere)"
        case .restoredDiffering(let name, let database, let differences):
            "Restored: \(name) into \(database), with the differences named above: \(differences)"
        case .differs(let difference): difference.english
        case .scratchKept(let database, let failure):
            "The scratch database could not be dropped: \(failure.english). Run: DROP DATABASE \"\(database)\" WITH (FORCE)"
        case .restoreLeft(let database):
            "\(database) was restored completely by a run that was killed before it could rename it. Rename it, ALTER DATABASE \"\(database)\" RENAME TO …, or drop it, DROP DATABASE \"\(database)\""
        case .leftOut(let roles):
            "Policies and user mappings are left out of this drill, because their roles are not on its server: \(roles.joined(separator: ", "))"
        case .roomUnknown(let server, let needed):
            "The free space of \(server) can't be seen from here; the drill takes up to \(ByteCount(needed)) there"
        case .littleRoom(let server, let path, let free, let needed):
            "\(server) has \(ByteCount(free)) free in \(path), and the restore takes up to \(ByteCount(needed)) there"
        case .exposure(let sentence), .alertUntold(let sentence): sentence
        case .failed(let failure): failure.english
        case .interrupted: "Ended by a signal; what was unfinished is removed"
        }
    }
}
