import Decisions
import Settings

extension AlertPhrase {
    var english: String {
        switch self {
        case .severity(.critical): "CRITICAL"
        case .severity(.warning): "WARNING"
        case .lasts(let severity, let age): "STILL \(AlertPhrase.severity(severity).english) (\(age))"
        case .resolved: "RESOLVED"
        case .ago(let age): "\(age) ago"
        case .lasted(let age): "it lasted \(age)"
        case .test: "This is a test of the alerts: all is well"
        case .undelivered(let receiver, let why): "An alert did not reach \(receiver): \(why)"
        case .busy(let path): "Alerts: another command is telling them (it holds \(path)); the next run tells them"
        case .badConfiguration(let command): "The configuration can't be used, and \(command.rawValue) does nothing"
        }
    }
}

extension ForeignFolder {
    package var english: String {
        "the folder \(folder) of STATE_FILE belongs to the service \(service) (\(file) is its); give each service a folder of its own. Renamed? See \"Renaming a service\" in docs/operations.md"
    }
}

extension MessageLevel {
    /// What stands before the sentence.
    package var english: String {
        switch self {
        case .plain: ""
        case .warning: "Warning: "
        case .error: "Error: "
        }
    }
}
