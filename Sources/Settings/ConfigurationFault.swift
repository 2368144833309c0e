import Decisions

/// What is wrong with a key, or with a line.
enum ConfigurationFault: Hashable, Sendable {
    /// A line that can't be read, or the whole file.
    case syntax(SettingsFault, SettingsFile.Dialect)
    case unknownKey(nearest: ConfigurationKey?)
    case value(ShownValue, allowed: AllowedValue)
    case contradiction(Contradiction)
    /// So many more problems than are listed.
    case unlisted(Int)

    /// As much of a value as may be shown.
    enum ShownValue: Hashable, Sendable {
        case text(String)
        case urlWithUser
        /// A secret.
        case hidden

        /// A URL may hold a password, wherever somebody has put it.
        init(_ value: String) {
            self =
                value.contains("://") && value.contains("@")
                ? .urlWithUser : .text(value.utf8.count <= 200 ? value : "\(value.prefix(200))…")
        }
    }

    func found(in language: Language) -> String {
        switch language {
        case .english: englishFound
        case .spanish: spanishFound
        }
    }

    /// What to write instead; `nil` where that is clear.
    func allowed(in language: Language) -> String? {
        switch language {
        case .english: englishAllowed
        case .spanish: spanishAllowed
        }
    }
}

/// Two values that can't both be meant.
enum Contradiction: Hashable, Sendable {
    case notBelow(ConfigurationKey, Quantity, than: ConfigurationKey, Quantity)
    case above(ConfigurationKey, String, than: ConfigurationKey, String)
    /// The same, with sizes that nobody wrote so.
    case sizeAbove(ConfigurationKey, than: ConfigurationKey)
    case both(ConfigurationKey, ConfigurationKey)
    case processWithoutCommand
    case mailWithoutRecipients

    /// In the order in which they stand in the file.
    var keys: [ConfigurationKey] {
        switch self {
        case .notBelow(let low, _, let high, _): [low, high]
        case .above(let low, _, let high, _): [low, high]
        case .sizeAbove(let low, let high): [high, low]
        case .both(let one, let other): [one, other]
        case .processWithoutCommand: [.backendCommand, .target]
        case .mailWithoutRecipients: [.alertURL, .alertEmailTo]
        }
    }
}
