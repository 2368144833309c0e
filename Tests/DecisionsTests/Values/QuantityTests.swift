import Decisions
import Foundation
import SeededRandom
import Testing

/// A measured number: rounded once, and from there on the same in print, in JSON and in a comparison.
struct QuantityTests {
    @Test(
        "What is measured is rounded down to the decimals of its metric",
        arguments: [
            (0.4, 1, "0.4"), (12.57, 1, "12.5"), (12.57, 2, "12.57"), (12.999, 0, "12"), (78, 3, "78"), (0, 2, "0"),
            (99.96, 1, "99.9"), (1e15, 2, "1000000000000000"), (-0.25, 1, "-0.3"),
        ])
    func rounded(measured: Double, decimals: Int, text: String) {
        #expect(Quantity(measured, decimals: decimals)?.description == text)
    }

    @Test("What is no number stays none", arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
    func none(measured: Double) {
        #expect(Quantity(measured, decimals: 1) == nil)
    }

    @Test(
        "Text is rounded down like a measured number, and exactly",
        arguments: [
            ("0.29", 2, "0.29"), ("0.29", 1, "0.2"), ("12.999999999999999999999", 3, "12.999"), ("007.50", 2, "7.5"),
            ("9223372036854775807", 0, "9223372036854775807"), ("9223372036854775807.9", 1, "9223372036854775807"),
        ])
    func text(written: String, decimals: Int, text: String) {
        #expect(Quantity(written, decimals: decimals)?.description == text)
    }

    @Test(
        "Text that is no plain number is none",
        arguments: ["", ".", "5.", ".5", "-1", "1e3", "1,5", "1.2.3", "NaN", "9223372036854775808", " 1"])
    func noText(written: String) {
        #expect(Quantity(written, decimals: 2) == nil)
    }

    /// The independent oracle is decimal arithmetic: the text, read as a decimal number by Foundation, and for JSON by strtod(3).
    @Test("The order is that of what is printed, and JSON gives back what was printed")
    func order() throws {
        var random = SplitMix64(seed: 11)
        func any() throws -> Quantity {
            let digits = 1 + random.below(15)
            let whole = (0..<digits).map { _ in String(random.below(10)) }.joined()
            let fraction = (0...random.below(4)).map { _ in String(random.below(10)) }.joined()
            return try #require(Quantity("\(whole).\(fraction)", decimals: random.below(4)))
        }
        for _ in 0..<2_000 {
            let (one, other) = (try any(), try any())
            let (first, second) = (
                try #require(Decimal(string: one.description)), try #require(Decimal(string: other.description))
            )
            #expect((one < other) == (first < second) && (one == other) == (first == second), "\(one) \(other)")
            let bytes = try JSONEncoder().encode([one, other])
            #expect(try JSONDecoder().decode([Quantity].self, from: bytes) == [one, other])
            let numbers = try #require(try JSONSerialization.jsonObject(with: bytes) as? [NSNumber])
            #expect(numbers.map(\.doubleValue) == [one, other].compactMap { Double($0.description) })
        }
    }

    @Test("A whole number is a whole number in JSON, and every one that an `Int` holds is exact")
    func whole() throws {
        let values: [Quantity] = [0, 45, 100, Quantity(.max), Quantity(.min)]
        let bytes = try JSONEncoder().encode(values)
        #expect(String(decoding: bytes, as: UTF8.self) == "[0,45,100,9223372036854775807,-9223372036854775808]")
        #expect(try JSONDecoder().decode([Quantity].self, from: bytes) == values)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Quantity].self, from: Data("[1e300]".utf8)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Quantity].self, from: Data("[\"1\"]".utf8)) }
    }

    @Test("A share is rounded down like the reading")
    func share() {
        #expect(Quantity(155).divided(by: 3, decimals: 0) == 51)
        #expect(Quantity(155).divided(by: 3, decimals: 1).description == "51.6")
        #expect(Quantity(.max).divided(by: 2, decimals: 0) == Quantity(.max / 2))
        #expect(Quantity(5).divided(by: 0, decimals: 0) == 5)
    }
}
