import Decisions
import Host
import SystemPackage

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

/// One effective value, as `config show` prints it.
package struct ConfigurationEntry: Equatable, Sendable {
    package let key: ConfigurationKey
    /// Redacted where it is a secret; `nil` where nothing is set.
    package let text: String?
    package let origin: Origin
}

/// Three dictionaries, of which the first that has the key wins and is its origin: environment, file, default.
struct ConfigurationReader {
    private let path: String
    private let base: FilePath
    private let environment: [String: String]
    private let lines: [ConfigurationKey: SettingsFile.Line]
    private var found: [ConfigurationProblem]
    /// Of the file's problems, those that are not in `found`.
    private let unlisted: Int
    private(set) var entries: [ConfigurationEntry] = []

    /// - Parameters:
    ///   - path: as the user named it, for messages.
    ///   - base: what relative paths start from.
    init(path: String, base: FilePath, file: SettingsFile, environment: [String: String]) {
        self.path = path
        self.base = base
        self.environment = environment
        var problems = file.problems(in: path)
        var unlisted = file.unlistedProblems
        var lines: [ConfigurationKey: SettingsFile.Line] = [:]
        for line in file.lines {
            if let key = ConfigurationKey(rawValue: line.key) {
                lines[key] = line
            } else if problems.count >= SettingsFile.mostProblems {
                unlisted += 1
            } else {
                problems.append(
                    ConfigurationProblem(
                        file: path, line: line.number, key: Self.shown(key: line.key),
                        found: Words("unknown key", "clave desconocida"),
                        nearest: ConfigurationKey.nearest(to: line.key)))
            }
        }
        self.lines = lines
        found = problems
        self.unlisted = unlisted
    }

    /// In the order of the file, and then those of the environment.
    var problems: [ConfigurationProblem] {
        let sorted = found.enumerated().sorted {
            ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset)
        }
        return sorted.map(\.element) + (unlisted > 0 ? [ConfigurationProblem(file: path, unlisted: unlisted)] : [])
    }

    /// The value of a key that always has one.
    mutating func value<Value>(_ key: ConfigurationKey, _ parser: ValueParser<Value>, or fallback: Value) -> Value {
        optional(key, parser)
            ?? {
                if entries.last?.origin == .unset {
                    entries[entries.count - 1] = ConfigurationEntry(
                        key: key, text: parser.text(fallback), origin: .fallback)
                }
                return fallback
            }()
    }

    /// The value of a key that may be left unset; an empty value is the same as none.
    mutating func optional<Value>(_ key: ConfigurationKey, _ parser: ValueParser<Value>) -> Value? {
        guard let (text, origin) = source(of: key), !(text.isEmpty && key.defaultText == nil) else {
            entries.append(ConfigurationEntry(key: key, text: nil, origin: .unset))
            return nil
        }
        guard StreamSafeText.isSafe(text) else {
            report(key, origin, found: SettingsFile.tooManyMarks, allowed: SettingsFile.allowedMarks)
            return nil
        }
        guard let value = parser.parse(text) else {
            report(
                key, origin, found: parser.isSecret ? Words("a value", "un valor") : Self.shown(value: text),
                allowed: parser.allowed)
            return nil
        }
        entries.append(ConfigurationEntry(key: key, text: parser.text(value), origin: origin))
        return value
    }

    /// The last line of a secret that was broken in two (`…Xq8=`) reads like a key; ours are capital letters.
    private static func shown(key: String) -> String? {
        key.utf8.contains { (97...122).contains($0) } ? nil : key
    }

    /// A URL may hold a password, wherever somebody has put it.
    private static func shown(value: String) -> Words {
        value.contains("://") && value.contains("@")
            ? Words("a URL with a user", "una URL con un usuario")
            : .same("'\(value.shortened.escapingControls())'")
    }

    /// Two values that can't both be meant; reported where the later of them stands.
    mutating func contradiction(_ keys: ConfigurationKey..., found: Words, allowed: Words) {
        let written = keys.last { key in
            entries.contains { $0.key == key && $0.origin != .fallback && $0.origin != .unset }
        }
        guard let key = written ?? keys.last else { return }
        report(key, entries.last { $0.key == key }?.origin ?? .unset, found: found, allowed: allowed)
    }

    /// Relative paths start from the configuration's own place, never from the working directory.
    func absolute(_ path: String) -> FilePath {
        base.pushing(FilePath(path)).lexicallyNormalized()
    }

    var pathParser: ValueParser<FilePath> {
        ValueParser(
            allowed: Words("a path", "una ruta"), parse: { [self] in $0.isEmpty ? nil : absolute($0) },
            text: { $0.string })
    }

    private func source(of key: ConfigurationKey) -> (text: String, origin: Origin)? {
        if let text = environment[key.environmentName] { return (text, .environment(key.environmentName)) }
        if key == .dockerHost, let text = environment[key.rawValue] { return (text, .environment(key.rawValue)) }
        if let line = lines[key] { return (line.value, .file(path, line: line.number)) }
        return key.defaultText.map { ($0, .fallback) }
    }

    private mutating func report(_ key: ConfigurationKey, _ origin: Origin, found: Words, allowed: Words) {
        let problem =
            switch origin {
            case .file(let path, let line):
                ConfigurationProblem(file: path, line: line, key: key.rawValue, found: found, allowed: allowed)
            case .environment(let name):
                ConfigurationProblem(variable: name, key: key.rawValue, found: found, allowed: allowed)
            case .fallback, .unset:
                ConfigurationProblem(place: path, key: key.rawValue, found: found, allowed: allowed)
            }
        self.found.append(problem)
    }
}

extension String {
    /// Enough of a value to recognise it by.
    fileprivate var shortened: String { utf8.count <= 200 ? self : "\(prefix(200))…" }
}
