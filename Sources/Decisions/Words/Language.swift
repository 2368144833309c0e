/// The language of log lines, status texts and reasons.
package enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case spanish = "es"

    /// The text for this language.
    package func choose(_ english: String, _ spanish: String) -> String {
        switch self {
        case .english: english
        case .spanish: spanish
        }
    }
}

extension Duration {
    /// Whole seconds, rounded up: `34 s`. A wait that is not over never reads `0 s`.
    package var inSeconds: String {
        let (seconds, attoseconds) = components
        return "\(seconds + (attoseconds > 0 ? 1 : 0)) s"
    }
}
