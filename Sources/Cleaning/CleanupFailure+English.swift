import Backups
import Decisions
import Fleet
import Host

extension CleanupFailure {
    package var english: String {
        switch self {
        case .busy(let path): "Another cleanup is under way (it holds \(path)); nothing was done"
        case .monitorAtWork(let path, let seconds): "monitor held \(path) for \(seconds) s; the next run tries again"
        case .folderInUse(let path): "another cleanup works in \(path)"
        case .state(let failure): RunFailure.state(failure).sentence(in: .english)
        case .stateBroken(let path, let why):
            "\(path) can't be read (\(why)), so the operation under way is not known; the next monitor sets the file aside"
        case .unsafe(let file): file.sentence(in: .english)
        case .file(let failure): failure.sentence(in: .english)
        case .target(let error): error.sentence(in: .english)
        case .backup(let failure): failure.sentence(in: .english)
        case .part(let part, let failure): "Left out: \(part.english): \(failure.english)"
        case .notRemoved(let kind, let name, let failure): "Could not remove: \(kind.english(name)): \(failure.english)"
        case .notRotated(let name, let failure): "Could not rename: \(name): \(failure.english)"
        case .notCompressed(let name, let failure): "Could not compress: \(name): \(failure.english)"
        case .gzip(let complaint): "the program failed (\(complaint))"
        case .interrupted: "Ended by a signal"
        }
    }
}
