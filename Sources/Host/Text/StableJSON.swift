import FoundationEssentials

/// JSON whose keys are in order: the same value gives the same bytes. What acts on a terminal is escaped, beyond what
/// JSON asks for: people read it there, too.
package enum StableJSON {
    /// Ends with a newline.
    package static func bytes(_ value: some Encodable, pretty: Bool = false) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("a value of ours has no JSON form: \(type(of: value))")
        }
        return escapingControls(data) + [UInt8(ascii: "\n")]
    }

    /// Such characters stand in strings only, where `\u2028` is the same string.
    private static func escapingControls(_ data: Data) -> [UInt8] {
        guard data.contains(where: { $0 >= 0x7F }) else { return Array(data) }
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: data, as: UTF8.self).unicodeScalars {
            if scalar.value >= 0x7F, scalar.actsOnATerminal {
                let digits = String(scalar.value, radix: 16)
                text.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
            } else {
                text.append(scalar)
            }
        }
        return Array(String(text).utf8)
    }
}
