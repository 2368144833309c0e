package import Decisions

/// One effective value, as `config show` prints it.
package struct ConfigurationEntry: Equatable, Sendable {
    package let key: ConfigurationKey
    /// Redacted where it is a secret; `nil` where nothing is set.
    package let text: String?
    package let origin: Origin
}

/// Where an effective value came from.
package enum Origin: Equatable, Sendable {
    case fallback
    case file(String, line: Int)
    case environment(String)
    /// Nothing is set, and there is no default.
    case unset

    package func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }

    private var english: String {
        switch self {
        case .fallback: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): "environment \(name)"
        case .unset: "not set"
        }
    }

    private var spanish: String {
        switch self {
        case .fallback: "predeterminado"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): "entorno \(name)"
        case .unset: "no definido"
        }
    }
}
