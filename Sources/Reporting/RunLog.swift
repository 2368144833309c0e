package import Decisions
package import Logging

/// What a command can say, in both languages: `monitor` says `RunMessage`s, `backup` says `BackupMessage`s.
package protocol LogMessage: Sendable {
    var level: MessageLevel { get }
    /// For machines; `nil` for what the record says elsewhere.
    var code: String? { get }
    /// Whether it names why the command could not do, or not wholly do, what it was to do.
    var isFailure: Bool { get }
    func sentence(in language: Language) -> String
}

extension LogMessage {
    package var isFailure: Bool { level == .error }
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
    package private(set) var events: [Explained] = []
    /// The first failure that was said, which names the exit status, too; for alerts. What is said after it (what was put
    /// back, what went on) is not why.
    package private(set) var failure: Explained?
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
        if message.isFailure, failure == nil { failure = .init(code: message.code ?? "failed", text: sentence) }
        if let code = message.code { events.append(.init(code: code, text: sentence)) }
    }
}
