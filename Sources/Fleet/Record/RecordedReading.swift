package import Decisions

/// Exactly one of the first three is there; none for a metric that takes no part.
package struct RecordedReading: Codable, Equatable, Sendable {
    package var value: Quantity?
    /// Why there is none, as a sentence.
    package var missing: String?
    /// Why the database takes no more connections, as a sentence.
    package var saturated: String?
    /// The same as values, where the sentence is more than the words of the system.
    package var cause: Cause?

    /// What a sentence was made of: which one, and what stands in it.
    package struct Cause: Codable, Equatable, Sendable {
        package let code: String
        package var seconds: Double?
        package var count: Int?
        package var role: String?
        package var words: String?
    }
}

extension RecordedReading {
    init(_ reading: Reading, in language: Language) {
        switch reading {
        case .value(let value): self.value = value
        case .missing(let reason):
            missing = reason.sentence(in: language)
            cause = Cause(reason)
        case .saturated(let detail): saturated = detail
        case .unused: break
        }
    }

    /// `nil` where a version of this program that knows more has written it.
    package var reading: Reading? {
        if let value { return .value(value) }
        if let saturated { return .saturated(saturated) }
        guard let missing else { return .unused }
        guard let cause else { return .missing(.unavailable(missing)) }
        return cause.reason.map(Reading.missing)
    }

    /// Why it is missing, in the reader's language where the line says it in values.
    package func missing(in language: Language) -> String? { cause?.reason?.sentence(in: language) ?? missing }

    /// `45%`, `78` or `n/a`.
    package func text(of metric: Metric) -> String { value.map(metric.text(of:)) ?? "n/a" }
}

extension RecordedReading.Cause {
    /// `nil` where the sentence is the words of the system, and nothing else.
    fileprivate init?(_ reason: MissingReason) {
        switch reason {
        case .unavailable: return nil
        case .timedOut(let seconds): self.init(code: "timed_out", seconds: seconds)
        case .hiddenSessions(let count, let role): self.init(code: "hidden_sessions", count: count, role: role)
        case .notANumber(let found): self.init(code: "not_a_number", words: found)
        case .roleFull(let message): self.init(code: "role_full", words: message)
        case .noInterval: self.init(code: "no_interval")
        }
    }

    fileprivate var reason: MissingReason? {
        switch (code, seconds, count, role, words) {
        case ("timed_out", let seconds?, _, _, _): .timedOut(seconds: seconds)
        case ("hidden_sessions", _, let count?, let role?, _): .hiddenSessions(count: count, role: role)
        case ("not_a_number", _, _, _, let found?): .notANumber(found)
        case ("role_full", _, _, _, let message?): .roleFull(message)
        case ("no_interval", _, _, _, _): .noInterval
        default: nil
        }
    }
}
