/// Text in which no letter carries more than 30 combining marks: the Stream-Safe Text Format of UAX #15, section 13.
///
/// Swift compares and hashes text in its normal form, and to put the marks of one letter into order takes it time in the
/// square of their number: half a second for 64 KiB of them, minutes for a megabyte. So text from outside is made safe, or
/// refused, before a `==` or a dictionary sees it.
package enum StreamSafeText {
    package static let mostMarks = 30

    /// COMBINING GRAPHEME JOINER, in UTF-8: what the format puts behind 30 marks. It is invisible and ends their sequence.
    private static let joiner: [UInt8] = [0xCD, 0x8F]

    package static func isSafe(_ text: some StringProtocol) -> Bool {
        var marks = 0
        for scalar in text.unicodeScalars {
            marks = scalar.isMark ? marks + 1 : 0
            if marks > mostMarks { return false }
        }
        return true
    }

    /// The same JSON, with joiners where its strings need them; a mark may also be written as `\u0301`.
    /// - Parameter json: valid UTF-8.
    static func safe(json: [UInt8]) -> [UInt8] { safe(json, hasEscapes: true) }

    /// The same text, with joiners where it needs them.
    /// - Parameter text: valid UTF-8.
    package static func safe(_ text: [UInt8]) -> [UInt8] { safe(text, hasEscapes: false) }

    private static func safe(_ text: [UInt8], hasEscapes: Bool) -> [UInt8] {
        var safe: [UInt8] = []
        var copied = 0
        var marks = 0
        var position = 0
        while position < text.count {
            guard text[position] >= 0x80 || hasEscapes && text[position] == UInt8(ascii: "\\") else {
                marks = 0
                position += 1
                continue
            }
            let (scalar, length) = character(of: text, at: position)
            marks = scalar?.isMark == true ? marks + 1 : 0
            if marks > mostMarks {
                safe += text[copied..<position] + joiner
                copied = position
                marks = 1
            }
            position += length
        }
        return copied == 0 ? text : safe + text[copied...]
    }

    /// The scalar that is written at a position, in UTF-8 or with a backslash, and how many bytes that takes; `nil` for what
    /// is no scalar, or a backslash before one character.
    private static func character(of json: [UInt8], at position: Int) -> (Unicode.Scalar?, length: Int) {
        guard json[position] == UInt8(ascii: "\\") else {
            let length = json[position] < 0xE0 ? 2 : json[position] < 0xF0 ? 3 : 4
            return (String(decoding: json[position...].prefix(length), as: UTF8.self).unicodeScalars.first, length)
        }
        guard let first = escaped(json, at: position) else { return (nil, 2) }
        if UTF16.isLeadSurrogate(first), let second = escaped(json, at: position + 6), UTF16.isTrailSurrogate(second) {
            return (String(decoding: [first, second], as: UTF16.self).unicodeScalars.first, 12)
        }
        return (Unicode.Scalar(first), 6)
    }

    /// `\uXXXX`
    private static func escaped(_ json: [UInt8], at position: Int) -> UInt16? {
        let text = json[min(position, json.count)...].prefix(6)
        guard text.count == 6, text.starts(with: "\\u".utf8) else { return nil }
        return UInt16(String(decoding: text.dropFirst(2), as: UTF8.self), radix: 16)
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool { value >= 0x300 && properties.canonicalCombiningClass != .notReordered }
}
