package import Decisions
package import Logging

/// What a command can say: `monitor` says `RunMessage`s, `backup` says `BackupMessage`s.
package protocol LogMessage: Sendable {
    var level: MessageLevel { get }
    /// For machines; `nil` for what the record says elsewhere.
    var code: String? { get }
    func sentence(in language: Language) -> String
}

package enum MessageLevel: Sendable, Catalogue {
    case plain
    case warning
    case error
}

/// Says what happens, as it happens, and keeps what belongs into the record.
package struct RunLog<Message: LogMessage> {
    private let logger: Logger
    package let language: Language
    package private(set) var events: [Explained] = []
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
        let line = message.level.sentence(in: language) + sentence
        switch message.level {
        case .plain: logger.info("\(line)")
        case .warning: logger.warning("\(line)")
        case .error: logger.error("\(line)")
        }
        if let code = message.code { events.append(.init(code: code, text: sentence)) }
    }
}
