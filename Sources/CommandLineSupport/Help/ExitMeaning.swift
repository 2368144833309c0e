import Decisions
import Reporting

/// What an exit code means for a command that can give it; the rows at the end of `--help`.
package enum ExitMeaning: Catalogue, Equatable, Sendable {
    case done
    /// `healthcheck` has the codes of monitoring plugins.
    case ok, warning, critical, unknown

    case runFailed, targetRefused, backupFailed, verificationFailed, drillFailed, restoreFailed
    case backupPartly, restorePartly, prunePartly, cleanupPartly
    case wrongUse
    case newerState
    case fleetAway, targetAway, databaseAway, storeAway
    case notWritten, notRead
    case busy
    case notPermitted
    case badConfiguration
    case interrupted, terminated

    package var code: Int32 {
        switch self {
        case .ok: CheckLevel.ok.exitStatus
        case .warning: CheckLevel.warning.exitStatus
        case .critical: CheckLevel.critical.exitStatus
        case .unknown: CheckLevel.unknown.exitStatus
        default: status.rawValue
        }
    }

    private var status: ExitStatus {
        switch self {
        case .done, .ok, .warning, .critical, .unknown: .done
        case .runFailed, .targetRefused, .backupFailed, .verificationFailed, .drillFailed, .restoreFailed: .failed
        case .backupPartly, .restorePartly, .prunePartly, .cleanupPartly: .partlyDone
        case .wrongUse: .wrongUse
        case .newerState: .newerState
        case .fleetAway, .targetAway, .databaseAway, .storeAway: .unavailable
        case .notWritten, .notRead: .notWritten
        case .busy: .busy
        case .notPermitted: .notPermitted
        case .badConfiguration: .badConfiguration
        case .interrupted: .interrupted
        case .terminated: .terminated
        }
    }

    /// Of commands that only read, and can be wrong in no other way.
    package static let readers: [ExitMeaning] = [.done, .wrongUse, .notRead, .notPermitted, .badConfiguration]
    package static let signals: [ExitMeaning] = [.interrupted, .terminated]
}
