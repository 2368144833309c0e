package import Decisions
package import Reporting

/// Every line that `cleanup` can log; `+English` and `+Spanish` have the words.
package enum CleanupMessage: Equatable, Sendable {
    /// A part of the run that can be left out alone.
    package enum Part: String, Equatable, Sendable {
        case docker
        case containers
        case images
        case volumes
        case buildCache = "build_cache"
        case logs
        case history
        case state
        case backups
    }

    /// What waiting for the next run is all there is to do about.
    package enum Postponed: Equatable, Sendable {
        /// Whether a program still writes to what was rotated can't be known.
        case compression
        /// A backup is made, and removes by itself what the rules keep no longer.
        case backups(lock: String)
    }

    case started
    case removed(CleanupPlan.Kind, name: String, bytes: Int?)
    case rotated(name: String, to: String)
    case compressed(name: String, freed: Int)
    /// Docker says that it is in use after all, in these words.
    case inUse(CleanupPlan.Kind, name: String, says: String)
    case stillWritten(name: String)
    case postponed(Postponed)
    /// Backups that are not removed because of whose they are.
    case leftAlone(BackupsOfOthers)
    /// Another service's, which may name images.
    case configurationUnread(path: String)
    /// It has a time that is still to come.
    case inFuture(CleanupPlan.Kind, name: String)
    case diskLow(CleanupReport.LowDisk)
    case done(things: Int, bytes: Int)
    /// What the alerts say of themselves.
    case alertUntold(String)
    case interrupted
    case failed(CleanupFailure)
}

extension CleanupMessage: LogMessage, Catalogue {
    package var level: MessageLevel {
        switch self {
        case .started, .removed, .rotated, .compressed, .inUse, .stillWritten, .postponed, .leftAlone, .done: .plain
        case .failed(.part), .inFuture, .configurationUnread, .diskLow, .alertUntold, .interrupted: .warning
        case .failed: .error
        }
    }

    package var code: String? {
        switch self {
        case .started, .done: nil
        case .removed: "removed"
        case .rotated: "rotated"
        case .compressed: "compressed"
        case .inUse: "in_use"
        case .stillWritten: "still_written"
        case .leftAlone: "left_alone"
        case .inFuture: "in_future"
        case .configurationUnread: "configuration_unread"
        case .postponed(.compression): "postponed_logs"
        case .postponed(.backups): "postponed_backups"
        case .diskLow: "disk_low"
        case .alertUntold: "alert_untold"
        case .interrupted: "interrupted"
        case .failed(let failure): failure.code
        }
    }
}

extension CleanupPlan.Kind: Catalogue {}
