package import Connections
package import Decisions
package import Reporting

/// Every line that `backup` can log; `+English` and `+Spanish` have the words.
package enum BackupMessage: Equatable, Sendable {
    case started(database: String)
    case leftoversRemoved(Int)
    /// Another run, of whichever service, writes into the folder.
    case waitingForFolder(String)
    /// Backups that are not removed because of whose they are.
    case leftAlone(BackupsOfOthers)
    case claimed(name: String)
    case dumped(bytes: Int, seconds: Double)
    case verified(name: String, tables: Int, rows: Int, seconds: Double)
    case notVerified(name: String)
    case globalsSkipped(role: String)
    case uploaded(url: String, bytes: Int, seconds: Double)
    case storeLeftoversRemoved(Int)
    case partialUploadsNotSeen(StoreFailure)
    case removed(name: String, bytes: Int)
    case inFuture(name: String, time: String)
    case done(BackupReport)
    case drilled(name: String, tables: Int, rows: Int, seconds: Double)
    case restored(name: String, database: String, tables: Int, rows: Int, seconds: Double)
    /// All of it is there but for the differences that were said.
    case restoredDiffering(name: String, database: String, differences: Int)
    case differs(RestoreDifference)
    case scratchKept(database: String, BackupFailure)
    /// A restore that was killed after it had all, and before it had its name.
    case restoreLeft(database: String)
    case leftOut(roles: [String])
    case roomUnknown(server: String, needed: Int)
    case littleRoom(server: String, path: String, free: Int, needed: Int)
    /// A file with a secret that everybody can read.
    case exposure(String)
    /// What the alerts say of themselves.
    case alertUntold(String)
    case interrupted
    case failed(BackupFailure)
}

extension BackupMessage: LogMessage, Catalogue {
    package var level: MessageLevel {
        switch self {
        case .started, .dumped, .verified, .uploaded, .removed, .done, .drilled, .restored,
            .leftoversRemoved, .storeLeftoversRemoved, .waitingForFolder, .leftAlone, .claimed, .roomUnknown,
            .leftOut:
            .plain
        case .partialUploadsNotSeen, .notVerified, .inFuture, .globalsSkipped, .exposure, .alertUntold, .interrupted,
            .scratchKept, .differs, .restoreLeft, .littleRoom, .restoredDiffering:
            .warning
        case .failed: .error
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
        case .uploaded: "uploaded"
        case .storeLeftoversRemoved: "store_leftovers_removed"
        case .partialUploadsNotSeen: "partial_uploads_not_seen"
        case .removed: "removed"
        case .inFuture: "in_future"
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
        case .failed(let failure): failure.code
        }
    }

    static func figures(_ bytes: Int, _ seconds: Double) -> String {
        let rate = seconds > 0 ? Int(min(Double(bytes) / seconds, 1e15)) : bytes
        return "\(ByteCount(bytes)), \(time(seconds)), \(ByteCount(rate))/s"
    }

    /// `0.4 s`, `12 s`, `3 min 20 s`.
    static func time(_ seconds: Double) -> String {
        if seconds < 9.95 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }
}
