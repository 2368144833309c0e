package import Decisions
import Host

/// What is allowed in a configuration, and probably not meant.
package enum ConfigurationWarning: Hashable, Sendable {
    /// A variable that looks like an override.
    case overridesNothing(variable: String, nearest: ConfigurationKey?)
    case noImage
    case fewPorts
    case noIdentity
    /// A file with a secret that everybody can read.
    case exposed(String)
    /// A `${NAME}` in a file where nothing is expanded.
    case unexpanded(file: String, line: Int, key: String)
    case reusedAddresses
    /// Queue workers.
    case nothingPublished
    /// Set, and of no meaning for queue workers.
    case meaninglessForWorkers([String])

    package func sentence(in language: Language) -> String {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }
}

extension SettingsFile {
    /// What is not expanded here: it is allowed, and rarely meant.
    package func unexpanded(in path: String) -> [ConfigurationWarning] {
        unexpanded.map { .unexpanded(file: path, line: $0.number, key: $0.key) }
    }
}
