package import AutoscaleCore

extension ConfigurationEntry {
    /// A line that the configuration file would take, with its origin as a comment.
    package var line: String {
        guard let text else { return "# \(key.rawValue) is not set" }
        let needsQuotes = text.isEmpty || text.contains { $0.isWhitespace || $0 == "#" || $0 == "'" || $0 == "\"" }
        let quote = text.contains("'") ? "\"" : "'"
        let value = needsQuotes ? quote + text + quote : text
        return "\(key.rawValue)=\(value)  # \(origin)"
    }
}
