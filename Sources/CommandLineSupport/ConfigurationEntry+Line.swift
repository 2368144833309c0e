import Host
package import Decisions
package import Settings

extension ConfigurationEntry {
    /// A line that the configuration file would take, with its origin as a comment.
    package func line(in language: Language) -> String {
        guard let text else {
            return switch language {
            case .english: "# \(key) is not set"
            case .spanish: "# \(key) no está definido"
            }
        }
        let line = "\(key.rawValue)=\(Self.written(text))  # \(origin.text(in: language))"
        // A tab is the one control character that a value may hold.
        return line.split(separator: "\t", omittingEmptySubsequences: false).map { $0.escapingControls() }
            .joined(separator: "\t")
    }

    /// Quoted only where the file would read it otherwise: it takes a value as it stands.
    private static func written(_ text: String) -> String {
        let isPlain =
            text.first.map { $0 != "'" && $0 != "\"" && !$0.isWhitespace } == true && text.last?.isWhitespace == false
            && !zip(text, text.dropFirst()).contains { $0.isWhitespace && $1 == "#" } && text.first != "#"
        if isPlain { return text }
        let quote = text.contains("'") ? "\"" : "'"
        return quote + text + quote
    }
}
