import Foundation
import Host
import SeededRandom
import Testing

/// Keys found by name, wherever they stand and whatever stands around them.
struct JSONFieldsTests {
    private func fields(_ text: String) -> JSONFields? {
        JSONFields(Array(text.utf8)[...], named: ["activeBackends", "time"])
    }

    @Test(
        "The two keys of the outer object are found",
        arguments: [
            #"{"activeBackends":3,"time":"T"}"#, #"{"time":"T","activeBackends":3}"#,
            #"{"aFirst":{"activeBackends":7,"time":"X"},"activeBackends":3,"time":"T","version":2,"z":[1,{"time":"Y"}]}"#,
            #"{"text":"{\"time\":\"X\",\"activeBackends\":7}","time":"T","activeBackends":3}"#,
            #"{"a":"\\","b":"\\\"","c":"}]","activeBackends":3,"time":"T"}"#,
            " { \"activeBackends\" : 3 ,\t\"time\" : \"T\" } \r",
            #"{"list":[[],[{}],"]"],"activeBackends":3,"time":"T"}"#,
            #"{"activeBackend\u0073":3,"\u0074ime":"T"}"#, #"{"activeBackends":3,"time":"\u0054"}"#,
            #"{"timeout":"X","activeBackendsBefore":7,"activeBackends":3,"time":"T"}"#,
            #"{"activeBackends":3,"time":"T","time":"X"}"#,
            #"{"a":-1.5e3,"b":null,"c":true,"activeBackends":3,"time":"T"}"#,
        ])
    func found(text: String) throws {
        let fields = try #require(self.fields(text))
        #expect(fields.count(0) == 3)
        #expect(fields.string(1) == "T")
    }

    @Test(
        "What is not there, or is another kind of value, is not found",
        arguments: [
            "{}", #"{"activeBackends":null,"time":5}"#, #"{"activeBackends":"3","time":["T"]}"#,
            #"{"activeBackends":-3,"time":{"time":"T"}}"#, #"{"activeBackends":3.5,"time":null}"#,
            #"{"activeBackends":99999999999999999999}"#, #"{"nested":{"activeBackends":3,"time":"T"}}"#,
        ])
    func missing(text: String) throws {
        let fields = try #require(self.fields(text))
        #expect(fields.count(0) == nil)
        #expect(fields.string(1) == nil)
    }

    @Test("A torn line is none, wherever it ends, and so is what is no object")
    func torn() {
        let whole = #"{"activeBackends":3,"a":["}",{"b":"\\\""}],"time":"T","z":{"y":1}}"#
        for count in 0..<whole.utf8.count {
            #expect(fields(String(decoding: whole.utf8.prefix(count), as: UTF8.self)) == nil, "\(count)")
        }
        for text in [
            "[]", "3", #""a""#, whole + whole, whole + "}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}",
        ] {
            #expect(fields(text) == nil, "\(text)")
        }
    }

    /// The independent oracle is Foundation's reader.
    @Test("Objects of any shape give what a JSON reader finds in them")
    func generated() throws {
        var random = SplitMix64(seed: 4)
        for _ in 0..<3_000 {
            let text = Self.object(&random, depth: 0)
            let oracle = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
            let fields = try #require(self.fields(text), "\(text)")
            #expect(fields.count(0) == (oracle["activeBackends"] as? NSNumber).map(\.intValue), "\(text)")
            #expect(fields.string(1) == oracle["time"] as? String, "\(text)")
        }
    }

    /// Keys once each; `activeBackends` is a whole number and `time` a string wherever they stand.
    private static func object(_ random: inout SplitMix64, depth: Int) -> String {
        let names = ["activeBackends", "time", "a", "", "timer", "ä\\\"", "events", "reason"]
        let fields = names.filter { _ in random.below(3) > 0 }.shuffled(using: &random).map { name in
            let value =
                switch name {
                case "activeBackends": String(random.below(100))
                case "time": string(&random)
                default: value(&random, depth: depth + 1)
                }
            return "\(quoted(name, &random))\(space(&random)):\(space(&random))\(value)"
        }
        return "{\(fields.joined(separator: "\(space(&random)),\(space(&random))"))}"
    }

    private static func value(_ random: inout SplitMix64, depth: Int) -> String {
        switch random.below(depth < 4 ? 7 : 5) {
        case 0: return string(&random)
        case 1: return String(random.below(1000))
        case 2: return "-1.5e3"
        case 3: return "true"
        case 4: return "null"
        case 5: return object(&random, depth: depth)
        default:
            return "[\((0..<random.below(4)).map { _ in value(&random, depth: depth + 1) }.joined(separator: ","))]"
        }
    }

    private static func string(_ random: inout SplitMix64) -> String {
        let parts = [
            "\"", "\\", "}", "{", "]", ",", "\"time\":\"2024\"", "\"activeBackends\":5", "é", "😀", "\u{2028}", "a", ":",
        ]
        return quoted((0..<random.below(6)).map { _ in random.pick(parts) }.joined(), &random)
    }

    /// With escapes where there must be some, and here and there where there may be.
    private static func quoted(_ text: String, _ random: inout SplitMix64) -> String {
        let units = text.utf16.map { unit -> String in
            let escape =
                "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
            switch unit {
            case 0x22: return "\\\""
            case 0x5C: return "\\\\"
            case 0x80...: return escape
            default: return random.below(20) == 0 ? escape : String(UnicodeScalar(UInt8(unit)))
            }
        }
        return "\"\(units.joined())\""
    }

    private static func space(_ random: inout SplitMix64) -> String { random.below(8) == 0 ? " " : "" }
}
