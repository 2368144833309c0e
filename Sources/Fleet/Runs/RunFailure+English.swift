import Decisions
import Host
import Settings

extension RunFailure {
    package var english: String {
        switch self {
        case .busy(let path): "Another run is under way (it holds \(path)); nothing was done"
        case .state(let failure): failure.sentence(in: .english)
        case .file(let failure): failure.sentence(in: .english)
        case .unsafe(let file): file.sentence(in: .english)
        case .environmentFile(let error): error.sentence(in: .english)
        case .target(let error): error.sentence(in: .english)
        case .publish(let failure): failure.sentence(in: .english)
        case .start(let name, .target(let error)): "\(name) could not be started: \(error.sentence(in: .english))"
        case .start(let name, .endedEarly(let words)):
            "\(name) could not be started: it ended before it was ready"
                + (words.map { " (\($0.sentence(in: .english)))" } ?? "")
        case .end(let name, let error): "\(name) could not be stopped or removed: \(error.sentence(in: .english))"
        case .unpublished(let failures, let remaining):
            Limit.unpublished(failures: failures, remaining: remaining).english
        case .interrupted: "Ended by a signal; the next run goes on"
        }
    }
}
