/// A measured number, exact to a thousandth: 78 sessions, 0.4 %, 12.5 ms.
///
/// Rounded once, down, where it is read, to the decimals of its metric. From there on it is exact: the number that is printed
/// is the one that is compared with the limits, and the one that JSON holds. That is why it is no floating-point number.
/// The unit is the metric's.
package struct Quantity: Hashable, Sendable {
    private let thousandths: Int128

    /// More decimals than this are not held.
    package static let mostDecimals = 3
    /// From here up (2^40) only whole numbers are held: JSON's numbers are doubles to most of its readers, and those near 2^43
    /// lie a thousandth apart.
    private static let largestWithFraction: Int128 = 1 << 40

    package init(_ whole: Int) { thousandths = Int128(whole) * 1000 }

    /// Rounded down to so many decimals.
    private init(thousandths: Int128, decimals: Int) {
        let isLarge = thousandths.magnitude >= Self.largestWithFraction.magnitude * 1000
        let decimals = isLarge ? 0 : max(0, min(decimals, Self.mostDecimals))
        let step: Int128 = [1000, 100, 10, 1][decimals]
        let rest = thousandths % step
        self.thousandths = thousandths - (rest < 0 ? rest + step : rest)
    }

    /// Rounded down to so many decimals; `nil` where it is not a finite number, or one beyond an `Int`.
    package init?(_ measured: Double, decimals: Int) {
        guard let whole = Int(exactly: measured.rounded(.down)) else { return nil }
        let fraction = ((measured - measured.rounded(.down)) * 1000).rounded(.down)
        self.init(thousandths: Int128(whole) * 1000 + Int128(fraction), decimals: decimals)
    }

    /// Digits, with or without a fraction; rounded down to so many decimals. Signs, exponents and what is beyond an `Int` are
    /// no number.
    package init?(_ text: some StringProtocol, decimals: Int) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (48...57).contains($0) } }),
            let whole = parts.first.flatMap({ Int(String(decoding: $0, as: UTF8.self)) })
        else { return nil }
        let fraction = (parts.count > 1 ? Array(parts[1].prefix(3)) : []).map { Int128($0 - 48) }
        let thousandths = zip(fraction, [100, 10, 1]).reduce(Int128(0)) { $0 + $1.0 * $1.1 }
        self.init(thousandths: Int128(whole) * 1000 + thousandths, decimals: decimals)
    }

    /// A share of it, rounded down to so many decimals.
    package func divided(by count: Int, decimals: Int) -> Quantity {
        Quantity(thousandths: thousandths / Int128(max(1, count)), decimals: decimals)
    }
}

extension Quantity: Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    package static func < (one: Quantity, other: Quantity) -> Bool { one.thousandths < other.thousandths }

    package init(integerLiteral value: Int) { self.init(value) }

    /// All of its decimals, and none that are zeros at the end: `78`, `0.4`.
    package var description: String {
        let digits = String(thousandths.magnitude % 1000 + 1000).dropFirst()
        let fraction = digits.prefix { _ in true }.reversed().drop { $0 == "0" }.reversed()
        let whole = "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000)"
        return fraction.isEmpty ? whole : "\(whole).\(String(fraction))"
    }
}

extension Quantity: Codable {
    /// A JSON number; a whole one has no fraction.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if thousandths % 1000 == 0, let whole = Int(exactly: thousandths / 1000) {
            try container.encode(whole)
        } else {
            try container.encode(Double(thousandths) / 1000)
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let whole = try? container.decode(Int.self) {
            self.init(whole)
            return
        }
        let number = try container.decode(Double.self)
        guard number.isFinite, number.magnitude < Double(Self.largestWithFraction) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(number) is no measured number")
        }
        self.init(thousandths: Int128((number * 1000).rounded()), decimals: Self.mostDecimals)
    }
}
