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
    /// One thing that could not be removed; the words say why.
    case notDone(CleanupPlan.Kind, name: String, why: String)
    /// The signal's number.
    case interrupted(Int32)
}

extension CleanupFailure {
    init(_ failure: OwnFolder.Failure) {
        self =
            switch failure {
            case .unsafe(let file): .unsafe(file)
            case .file(let failure): .file(failure)
            }
    }

    package func sentence(in language: Language) -> String {
        switch self {
        case .busy(let path):
            language.choose(
                "Another cleanup is under way (it holds \(path)); nothing was done",
                "Otra limpieza está en curso (tiene \(path)); no se hizo nada")
        case .monitorAtWork(let path, let seconds):
            language.choose(
                "\(path) was not free for \(seconds) s", "\(path) no estuvo libre en \(seconds) s")
        case .folderInUse(let path):
            language.choose("another cleanup works in \(path)", "otra limpieza trabaja en \(path)")
        case .state(let failure): RunFailure.state(failure).sentence(in: language)
        case .stateBroken(let path, let why):
            language.choose(
                "\(path) can't be read (\(why)), so the operation under way is not known; the next monitor sets it aside",
                "no se puede leer \(path) (\(why)) y no se conoce la operación en curso; el próximo monitor lo aparta")
        case .unsafe(let file): file.sentence(in: language)
        case .file(let failure): failure.sentence(in: language)
        case .target(let error): error.sentence(in: language)
        case .backup(let failure): failure.sentence(in: language)
        case .part(let part, let failure):
            CleanupMessage.leftOut(part, why: failure.sentence(in: language)).sentence(in: language)
        case .notDone(let kind, let name, let why):
            CleanupMessage.notDone(kind, name: name, why: why).sentence(in: language)
        case .interrupted: language.choose("Ended by a signal", "Terminado por una señal")
        }
    }
}

extension CleanupFailure {
    package var exitStatus: ExitStatus {
        switch self {
        case .busy: .busy
        case .monitorAtWork, .folderInUse, .stateBroken, .part, .notDone: .partlyDone
        case .state(let failure): ExitStatus(RunFailure.state(failure))
        case .unsafe: .notPermitted
        case .file(let failure): ExitStatus(failure)
        case .target(let error): ExitStatus(error)
        case .backup(let failure): ExitStatus(failure)
        case .interrupted(let signal): signal == 2 ? .interrupted : .terminated
        }
    }
}
