import Decisions
import Host
import SystemPackage

/// Three dictionaries, of which the first that has the key wins and is its origin: environment, file, default.
struct ConfigurationReader {
    private let path: String
    private let base: FilePath
    private let environment: [String: String]
    private let lines: [ConfigurationKey: SettingsFile.Line]
    private var found: [ConfigurationProblem]
    /// Of the file's problems, those that are not in `found`.
    private let unlisted: Int
    private var read: [ConfigurationKey: ConfigurationEntry] = [:]
    private var refused: Set<ConfigurationKey> = []

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
            if let key = ConfigurationKey.named(line.key) {
                lines[key] = line
            } else if problems.count >= SettingsFile.mostProblems {
                unlisted += 1
            } else {
                problems.append(
                    ConfigurationProblem(
                        .line(path, line.number), key: Self.shown(key: line.key),
                        .unknownKey(nearest: ConfigurationKey.nearest(to: line.key))))
            }
        }
        self.lines = lines
        found = problems
        self.unlisted = unlisted
    }

    /// In the order of the file, and then those of the environment.
    var problems: [ConfigurationProblem] {
        let sorted = found.enumerated().sorted {
            ($0.element.location.line ?? .max, $0.offset) < ($1.element.location.line ?? .max, $1.offset)
        }
        return sorted.map(\.element)
            + (unlisted > 0 ? [ConfigurationProblem(.file(path), key: nil, .unlisted(unlisted))] : [])
    }

    /// What was read, in the order of the keys; one that no section names comes last.
    var entries: [ConfigurationEntry] {
        let order = Dictionary(uniqueKeysWithValues: ConfigurationKey.allCases.enumerated().map { ($1, $0) })
        return read.values.sorted { order[$0.key, default: .max] < order[$1.key, default: .max] }
    }

    /// The value of a key. One that can't be used is reported, and the default goes on in its place.
    subscript<Value>(_ key: Key<Value>) -> Value {
        mutating get {
            guard !refused.contains(key) else { return key.fallback }
            guard let (text, origin) = source(of: key) else {
                read[key] = ConfigurationEntry(key: key, text: nil, origin: .unset)
                return key.fallback
            }
            guard StreamSafeText.isSafe(text) else {
                report(key, origin, .syntax(.tooManyMarks, .configuration))
                return key.fallback
            }
            guard let value = key.parse(text, base) else {
                report(key, origin, .value(key.isSecret ? .hidden : .init(text), allowed: key.allowed))
                return key.fallback
            }
            read[key] = ConfigurationEntry(key: key, text: key.text(value), origin: origin)
            return value
        }
    }

    /// The last line of a secret that was broken in two (`…Xq8=`) reads like a key; ours are capital letters.
    private static func shown(key: String) -> String? {
        key.utf8.contains { (97...122).contains($0) } ? nil : key
    }

    /// Two values that can't both be meant; reported where the later of them stands.
    ///
    /// A value that is refused anyway contradicts nothing.
    mutating func contradiction(_ contradiction: Contradiction) {
        let keys = contradiction.keys
        guard let last = keys.last, keys.allSatisfy({ !refused.contains($0) }) else { return }
        let written = keys.last { read[$0].map { $0.origin != .fallback && $0.origin != .unset } == true }
        let key = written ?? last
        report(key, read[key]?.origin ?? .unset, .contradiction(contradiction))
    }

    private mutating func source<Value>(of key: Key<Value>) -> (text: String, origin: Origin)? {
        for name in key.variables {
            if let text = environment[name] { return chosen(key, text, .environment(name)) }
        }
        if let line = lines[key] { return chosen(key, line.value, .file(path, line: line.number)) }
        return fallback(of: key)
    }

    /// For a key without a default of its own, an empty value is the same as none.
    private mutating func chosen<Value>(
        _ key: Key<Value>, _ text: String, _ origin: Origin
    ) -> (text: String, origin: Origin)? {
        text.isEmpty && key.defaultText == nil ? fallback(of: key) : (text, origin)
    }

    private mutating func fallback<Value>(of key: Key<Value>) -> (text: String, origin: Origin)? {
        (key.defaultText ?? key.followed?(&self)).map { ($0, .fallback) }
    }

    private mutating func report(_ key: ConfigurationKey, _ origin: Origin, _ fault: ConfigurationFault) {
        let place: ConfigurationProblem.Place =
            switch origin {
            case .file(let path, let line): .line(path, line)
            case .environment(let name): .environment(name)
            case .fallback, .unset: .file(path)
            }
        refused.insert(key)
        found.append(ConfigurationProblem(place, key: key.rawValue, fault))
    }
}
