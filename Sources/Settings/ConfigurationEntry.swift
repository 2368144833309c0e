/// One effective value, as `config show` prints it.
package struct ConfigurationEntry: Equatable, Sendable {
    package let key: ConfigurationKey
    /// Redacted where it is a secret; `nil` where nothing is set.
    package let text: String?
    package let origin: Origin
}

/// Where an effective value came from.
package enum Origin: Equatable, Sendable, CustomStringConvertible {
    case fallback
    case file(String, line: Int)
    case environment(String)
    /// Nothing is set, and there is no default.
    case unset

    package var description: String {
        switch self {
        case .fallback: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): "environment \(name)"
        case .unset: "not set"
        }
    }
}
