import Decisions
import SystemPackage

/// The exit codes of all commands but `healthcheck`; after sysexits(3) where it has one.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case done = 0
    case failed = 1
    case partlyDone = 3
    case wrongUse = 64
    case newerState = 65
    case unavailable = 69
    case internalError = 70
    case notWritten = 74
    case busy = 75
    case notPermitted = 77
    case badConfiguration = 78
    case interrupted = 130
    case terminated = 143

    /// As `--help` lists it.
    package var meaning: String {
        switch self {
        case .done: "done, or nothing to do"
        case .failed: "the run could not do what it decided (a step failed and was rolled back)"
        case .partlyDone: "partly done"
        case .wrongUse: "wrong use of the command"
        case .newerState: "the state file was written by a newer version; nothing was changed"
        case .unavailable: "the target or NGINX (for backup, the database or pg_dump) is not there; nothing was changed"
        case .internalError: "a bug of ours"
        case .notWritten: "a file could not be created or written; nothing was started"
        case .busy: "another run holds the lock"
        case .notPermitted: "not permitted, or a file of ours could be changed by others"
        case .badConfiguration: "bad configuration"
        case .interrupted: "ended by SIGINT, after putting things in order"
        case .terminated: "ended by SIGTERM, after putting things in order"
        }
    }

    package init(_ failure: RunFailure) {
        self =
            switch failure {
            case .busy: .busy
            case .state(.newer): .newerState
            case .state(.otherService), .state(.otherServiceInFolder): .badConfiguration
            case .state(.unreadable(let failure)): ExitStatus(failure)
            case .unsafe: .notPermitted
            case .file(let failure): ExitStatus(failure)
            case .environmentFile(let error): ExitStatus(error)
            case .target(let error): ExitStatus(error)
            case .publish(let failure): ExitStatus(failure)
            case .interrupted(let signal): signal == 2 ? .interrupted : .terminated
            }
    }

    package init(_ failure: BackupFailure) {
        self =
            switch failure {
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
            case .upload: .partlyDone
            case .interrupted(let signal): signal == 2 ? .interrupted : .terminated
            }
    }

    package init(_ failure: CleanupFailure) {
        self =
            switch failure {
            case .busy: .busy
            case .monitorAtWork, .folderInUse, .stateBroken: .partlyDone
            case .state(let failure): ExitStatus(RunFailure.state(failure))
            case .unsafe: .notPermitted
            case .file(let failure): ExitStatus(failure)
            case .target(let error): ExitStatus(error)
            case .backup(let failure): ExitStatus(failure)
            case .interrupted(let signal): signal == 2 ? .interrupted : .terminated
            }
    }

    package init(_ failure: FileFailure) {
        self = failure.errno == .permissionDenied || failure.errno == .notPermitted ? .notPermitted : .notWritten
    }

    package init(_ error: ConfigurationError) {
        self =
            switch error {
            case .unsafe, .notPermitted: .notPermitted
            case .absent, .noneFound, .unreadable, .invalid: .badConfiguration
            }
    }

    package init(_ error: TargetError) {
        self =
            switch error {
            case .unreachable, .timedOut, .unsupportedVersion: .unavailable
            case .notPermitted: .notPermitted
            case .file(let failure): ExitStatus(failure)
            case .noFreePort, .refused, .didNotStay, .unreadable: .failed
            }
    }

    package init(_ failure: PublishFailure) {
        self =
            switch failure {
            case .notRunning: .unavailable
            case .file(let failure): ExitStatus(failure)
            case .foreignContents, .addressTaken: .badConfiguration
            case .interrupted: .terminated
            case .testFailed, .reloadFailed, .notConfirmed, .notRolledBack: .failed
            }
    }
}
