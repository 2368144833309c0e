import Connections
import Decisions
import Host
import SystemPackage

/// Reads one kind of value, and says what it allows.
struct ValueParser<Value: Sendable>: Sendable {
    let allowed: AllowedValue
    /// What was found is not shown.
    let isSecret: Bool
    let parse: @Sendable (String) -> Value?
    /// The effective value, as `config show` prints it; `nil`: nothing is set.
    let text: @Sendable (Value) -> String?
    /// Where a relative path starts from makes it another one; every other value stays as it is.
    let place: @Sendable (_ base: FilePath, Value?) -> Value?

    init(
        allowed: AllowedValue, isSecret: Bool = false, parse: @escaping @Sendable (String) -> Value?,
        text: @escaping @Sendable (Value) -> String? = { "\($0)" },
        place: @escaping @Sendable (_ base: FilePath, Value?) -> Value? = { $1 }
    ) {
        self.allowed = allowed
        self.isSecret = isSecret
        self.parse = parse
        self.text = text
        self.place = place
    }

    /// The same, of a value that may be left unset.
    var optional: ValueParser<Value?> {
        ValueParser<Value?>(
            allowed: allowed, isSecret: isSecret, parse: { [parse] in parse($0).map(Optional.some) },
            text: { [text] in $0.flatMap(text) }, place: { [place] in place($0, $1 ?? nil).map(Optional.some) })
    }
}

extension ValueParser where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(allowed: .number(range), parse: { wholeNumber($0).flatMap { range.contains($0) ? $0 : nil } })
    }

    /// Digits only: no sign, no unit.
    private static func wholeNumber(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}

extension ValueParser where Value == Quantity {
    /// A limit of a metric, as fine as its readings are: a finer one would be met by none.
    static func limit(of metric: Metric) -> Self {
        Self(
            allowed: .limit(metric.possibleLimits, decimals: metric.decimals),
            parse: { text in
                let decimals = text.utf8.drop { $0 != UInt8(ascii: ".") }.count - 1
                guard decimals <= metric.decimals, let limit = Quantity(text, decimals: metric.decimals),
                    metric.possibleLimits.contains(limit), metric.decimals > 0 || decimals < 0
                else { return nil }
                return limit
            })
    }
}

extension ValueParser where Value == Duration {
    static func seconds(_ range: ClosedRange<Int>) -> Self {
        let integer = ValueParser<Int>.integer(range)
        return Self(
            allowed: .seconds(range), parse: { integer.parse($0).map { .seconds($0) } },
            text: { "\($0.components.seconds)" })
    }
}

extension ValueParser where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// The raw value is the only spelling.
    static var choice: Self {
        Self(
            allowed: .choice(Value.allCases.map(\.rawValue)), parse: { Value(rawValue: $0) }, text: { $0.rawValue })
    }
}

extension ValueParser where Value == Bool {
    static var flag: Self {
        Self(
            allowed: .choice(["true", "false"]), parse: { ["true": true, "false": false][$0] },
            text: { $0 ? "true" : "false" })
    }
}

extension ValueParser where Value == FilePath {
    /// Relative paths start from the configuration's own place, never from the working directory.
    static var path: Self {
        Self(
            allowed: .path, parse: { $0.isEmpty ? nil : FilePath($0) }, text: { $0.string },
            place: { base, path in path.map { base.pushing($0).lexicallyNormalized() } })
    }
}

extension ValueParser where Value == Int64 {
    /// Bytes with an optional unit of 1024: `b`, `k`, `m`, `g`, as Docker writes them.
    static func bytes(atLeast minimum: Int64, allowed: AllowedValue) -> Self {
        Self(
            allowed: allowed,
            parse: { text in
                let units: [Character: Int64] = ["b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
                var digits = text.lowercased()
                let unit = digits.last.flatMap { units[$0] }
                if unit != nil { digits.removeLast() }
                guard let number = ValueParser<Int>.integer(1...(1 << 40)).parse(digits) else { return nil }
                let (bytes, overflow) = Int64(number).multipliedReportingOverflow(by: unit ?? 1)
                return overflow || bytes < minimum ? nil : bytes
            })
    }
}

extension ValueParser where Value == Secret {
    static var secret: Self {
        Self(allowed: .text, isSecret: true, parse: { $0.isEmpty ? nil : Secret($0) })
    }
}

extension ValueParser where Value == CommandWords {
    static var command: Self { Self(allowed: .command, parse: { text in try? CommandWords(text) }) }
}
