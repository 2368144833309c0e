package import Decisions
package import Logging

/// What a command can say, in both languages: `monitor` says `RunMessage`s, `backup` says `BackupMessage`s.
package protocol LogMessage: Sendable {
    var level: MessageLevel { get }
    /// For machines; `nil` for what the record says elsewhere.
    var code: String? { get }
    func sentence(in language: Language) -> String
}

package enum MessageLevel: Sendable {
    case plain
    case warning
    case error
}

/// Says what happens, as it happens, and keeps what belongs into the record.
package struct RunLog<Message: LogMessage> {
    private let logger: Logger
    package let language: Language
    package private(set) var events: [RunRecord.Explained] = []
    private var later: [Message] = []

    package init(_ logger: Logger, language: Language) {
        self.logger = logger
        self.language = language
    }

    /// Keeps what is found on the way until the first lines of the format, which belong together, are out.
    package mutating func sayLater(_ message: Message) { later.append(message) }

    /// Says what was kept.
    package mutating func catchUp() {
        let kept = later
        later = []
        for message in kept { say(message) }
    }

    package mutating func say(_ message: Message) {
        let sentence = message.sentence(in: language)
        switch message.level {
        case .plain: logger.info("\(sentence)")
        case .warning: logger.warning("\(language.choose("Warning: ", "Aviso: "))\(sentence)")
        case .error: logger.error("Error: \(sentence)")
        }
        if let code = message.code { events.append(.init(code: code, text: sentence)) }
    }
}
