/// Text from a database whose encoding need not be UTF-8, kept in a `String` without a loss.
///
/// A byte that is no UTF-8 text is kept as U+F700 plus its value, a place where no language has characters: SQL_ASCII
/// has no encoding at all, so there is nothing to convert from, and a name must come back byte for byte.
package enum RawText {
    private static let base: UInt32 = 0xF700
    private static let kept = (base + 0x80)...(base + 0xFF)

    package static func string(_ bytes: [UInt8], isUTF8: Bool) -> String {
        if isUTF8, let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: { kept.contains($0.value) })
        {
            return text
        }
        var scalars = String.UnicodeScalarView()
        for byte in bytes {
            let value = byte < 0x80 ? UInt32(byte) : base + UInt32(byte)
            scalars.append(Unicode.Scalar(value) ?? "?")
        }
        return String(scalars)
    }

    /// The bytes that `string` was made of.
    package static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if kept.contains(scalar.value) {
                bytes.append(UInt8(scalar.value - base))
            } else {
                bytes.append(contentsOf: String(scalar).utf8)
            }
        }
        return bytes
    }

    /// For people: `caf\xE9`.
    package static func readable(_ text: String) -> String {
        var words = ""
        for scalar in text.unicodeScalars {
            if kept.contains(scalar.value) {
                words += "\\x" + Checksum.hex([UInt8(scalar.value - base)]).uppercased()
            } else {
                words.unicodeScalars.append(scalar)
            }
        }
        return words
    }
}
