package import Decisions
import SystemPackage

/// A key of the configuration file: its name, its default, what it takes and what it means.
///
/// `Key` adds the type of the value. Each key is one definition, in the file of its section; `config/autoscale.conf` and the
/// tables of docs/configuration.md are written from it (`make settings`).
///
/// Unchecked, because a class that is not final can't be checked: all of it is constant and Sendable, as in `Key`.
package class ConfigurationKey: @unchecked Sendable {
    package let rawValue: String
    /// As it would stand in the file; `nil` where nothing is set unless somebody sets it, or where the default follows from
    /// another key.
    package let defaultText: String?
    /// A value to show where there is no default to show.
    package let example: String
    package let allowed: AllowedValue
    /// What it means, in whole sentences; code stands between backquotes.
    package let meaning: Words
    /// A page of docs/ that says more.
    package let page: String?
    /// The names in the environment that override the file, the first of them first.
    let variables: [String]

    fileprivate init(
        _ name: String, default text: String?, example: String, allowed: AllowedValue, meaning: Words, page: String?,
        isOwnVariable: Bool
    ) {
        rawValue = name
        defaultText = text
        self.example = example
        self.allowed = allowed
        self.meaning = meaning
        self.page = page
        variables = ["AUTOSCALE_\(name)"] + (isOwnVariable ? [name] : [])
    }

    /// In the order of the file.
    package static let allCases: [ConfigurationKey] = ConfigurationSection.all.flatMap(\.keys)

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// The known key of this name.
    package static func named(_ name: String) -> ConfigurationKey? { byName[name] }

    /// The name in the environment that overrides the file. Plain names are too common to be meant for this tool.
    package var environmentName: String { variables[0] }

    /// The known key that a misspelled one probably means.
    package static func nearest(to name: String) -> ConfigurationKey? {
        Spelling.nearest(to: name, among: allCases.map(\.rawValue)).flatMap(named)
    }
}

extension ConfigurationKey: Hashable, CustomStringConvertible {
    package static func == (one: ConfigurationKey, other: ConfigurationKey) -> Bool { one.rawValue == other.rawValue }
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
    package var description: String { rawValue }
}

/// A key with the type of its value: `reader[.readyWait]` is a `Duration`. The value of one that may be left unset is
/// optional.
final class Key<Value: Sendable>: ConfigurationKey, @unchecked Sendable {
    /// The default, which is also what goes on being read after a problem.
    let fallback: Value
    /// `nil`: can't be used.
    let parse: @Sendable (_ text: String, _ base: FilePath) -> Value?
    /// As `config show` prints it.
    let text: @Sendable (Value) -> String?
    /// What follows from other keys where nothing is written.
    let followed: (@Sendable (inout ConfigurationReader) -> String)?
    let isSecret: Bool

    private init(
        _ name: String, default text: String?, example: String, _ parser: ValueParser<Value>, fallback: Value,
        followed: (@Sendable (inout ConfigurationReader) -> String)?, _ meaning: Words, page: String?,
        isOwnVariable: Bool
    ) {
        self.fallback = fallback
        parse = { parser.place($1, parser.parse($0)) }
        self.text = { parser.text($0) }
        self.followed = followed
        isSecret = parser.isSecret
        super.init(
            name, default: text, example: example, allowed: parser.allowed, meaning: meaning, page: page,
            isOwnVariable: isOwnVariable)
    }

    /// A key that always has a value.
    convenience init(
        _ name: String, _ parser: ValueParser<Value>, default text: String, _ english: String, _ spanish: String,
        page: String? = nil, isOwnVariable: Bool = false
    ) {
        self.init(
            name, default: text, example: text, parser, fallback: Self.value(of: text, parser, name), followed: nil,
            Words(english, spanish), page: page, isOwnVariable: isOwnVariable)
    }

    /// A key that may be left unset; an empty value is the same as none.
    convenience init<Wrapped>(
        _ name: String, _ parser: ValueParser<Wrapped>, example: String, _ english: String, _ spanish: String,
        page: String? = nil
    ) where Value == Wrapped? {
        self.init(
            name, default: nil, example: example, parser.optional, fallback: nil, followed: nil,
            Words(english, spanish),
            page: page, isOwnVariable: false)
    }

    /// A key with a default that follows from another key; an empty value is the same as none.
    convenience init<Source>(
        _ name: String, _ parser: ValueParser<Value>, follows source: Key<Source>,
        _ follow: @escaping @Sendable (Source) -> String, example: String, _ english: String, _ spanish: String
    ) {
        self.init(
            name, default: nil, example: example, parser,
            fallback: Self.value(of: follow(source.fallback), parser, name), followed: { follow($0[source]) },
            Words(english, spanish), page: nil, isOwnVariable: false)
    }

    /// A key with a default that does not stand in the file: an empty value means it, too.
    convenience init(
        _ name: String, _ parser: ValueParser<Value>, whereUnset text: String, example: String, _ english: String,
        _ spanish: String
    ) {
        self.init(
            name, default: nil, example: example, parser, fallback: Self.value(of: text, parser, name),
            followed: { _ in text }, Words(english, spanish), page: nil, isOwnVariable: false)
    }

    /// A default that its own key does not take is a slip in the key's definition: no program starts with it.
    private static func value(of text: String, _ parser: ValueParser<Value>, _ name: String) -> Value {
        guard let value = parser.parse(text) else { preconditionFailure("\(name) does not take its default \(text)") }
        return value
    }
}
