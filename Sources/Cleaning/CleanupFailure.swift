package import Backups
package import Decisions
package import Fleet
package import Host
package import Reporting

/// Why `cleanup`, or a part of it, could not do what it was asked for.
package indirect enum CleanupFailure: CommandFailure, Equatable {
    case busy(path: String)
    /// The lock of `monitor` was not free for so many seconds.
    case monitorAtWork(path: String, seconds: Int)
    /// Another `cleanup` works in the folder.
    case folderInUse(path: String)
    case state(StateFile.Failure)
    /// Which backend a run is busy with can't be known; the words say why.
    case stateBroken(path: String, why: String)
    case unsafe(UnsafeFile)
    case file(FileFailure)
    case target(TargetError)
    case backup(BackupFailure)
    /// A part of the run that could not be done; the others were.
    case part(CleanupMessage.Part, CleanupFailure)
    case notRemoved(CleanupPlan.Kind, name: String, CleanupFailure)
    case notRotated(name: String, CleanupFailure)
    case notCompressed(name: String, CleanupFailure)
    /// What gzip(1) complained of.
    case gzip(String)
    /// The signal's number.
    case interrupted(Int32)
}

extension CleanupFailure: Catalogue {
    init(lock failure: RunLock.Failure) {
        self =
            switch failure {
            case .held(let path): .busy(path: path)
            case .unusable(let failure): .file(failure)
            }
    }

    init(_ failure: OwnFolder.Failure) {
        self =
            switch failure {
            case .unsafe(let file): .unsafe(file)
            case .file(let failure): .file(failure)
            }
    }

    /// The spelling for machines.
    var code: String {
        switch self {
        case .part(let part, _): "left_out_\(part.rawValue)"
        case .notRemoved, .notRotated, .notCompressed: "not_done"
        case .interrupted: "interrupted"
        case .busy, .monitorAtWork, .folderInUse, .state, .stateBroken, .unsafe, .file, .target, .backup, .gzip:
            "failed"
        }
    }

    package var exitStatus: ExitStatus {
        switch self {
        case .busy: .busy
        case .monitorAtWork, .folderInUse, .stateBroken, .part, .notRemoved, .notRotated, .notCompressed, .gzip:
            .partlyDone
        case .state(let failure): ExitStatus(RunFailure.state(failure))
        case .unsafe: .notPermitted
        case .file(let failure): ExitStatus(failure)
        case .target(let error): ExitStatus(error)
        case .backup(let failure): ExitStatus(failure)
        case .interrupted(let signal): signal == 2 ? .interrupted : .terminated
        }
    }
}
