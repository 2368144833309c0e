package import Decisions
package import Host
package import Reporting
package import Settings

/// Why a run ended before its line was through.
package enum RunFailure: Error, Equatable {
    case busy(path: String)
    case state(StateFile.Failure)
    case unsafe(UnsafeFile)
    case file(FileFailure)
    case environmentFile(ConfigurationError)
    case target(TargetError)
    case publish(PublishFailure)
    /// The signal's number.
    case interrupted(Int32)
}

extension RunFailure {
    package func sentence(in language: Language) -> String {
        switch self {
        case .busy(let path): RunMessage.busy(path: path).sentence(in: language)
        case .state(let failure): failure.sentence(in: language)
        case .file(let failure): failure.sentence(in: language)
        case .unsafe(let file): file.sentence(in: language)
        case .environmentFile(let error): error.sentence(in: language)
        case .target(let error): error.sentence(in: language)
        case .publish(let failure): failure.sentence(in: language)
        case .interrupted: RunMessage.interrupted.sentence(in: language)
        }
    }
}

extension ExitStatus {
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
}
