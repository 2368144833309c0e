import Decisions
import Settings

/// What stands around the text of an alert, and what is said where one could not be told.
enum AlertPhrase: Catalogue {
    case severity(AlertSeverity)
    /// A reminder of what began so long ago.
    case lasts(AlertSeverity, Age)
    case resolved
    /// It could not be told at once.
    case ago(Age)
    case lasted(Age)
    case test
    case undelivered(receiver: String, why: String)
    /// Another command is telling alerts.
    case busy(path: String)
    case badConfiguration(ToolCommand)
}
