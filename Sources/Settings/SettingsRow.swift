import Host

/// One line of a settings file, taken apart by bytes.
struct SettingsRow {
    private let bytes: ArraySlice<UInt8>
    private let dialect: SettingsFile.Dialect

    /// - Parameter bytes: without the end of the line.
    init(_ bytes: ArraySlice<UInt8>, in dialect: SettingsFile.Dialect) {
        self.bytes = bytes
        self.dialect = dialect
    }

    /// The line without white space around it; `nil` where there is nothing in it, or a comment.
    func content() throws(SettingsFault) -> ArraySlice<UInt8>? {
        let content = bytes.trimmed
        guard let text = String(validating: content, as: UTF8.self) else {
            throw .notUTF8(byte: Self.invalidByte(content))
        }
        guard let first = content.first, first != UInt8(ascii: "#") else { return nil }
        guard StreamSafeText.isSafe(text[...]) else { throw .tooManyMarks }
        if content.contains(0) { throw .nul }
        return content
    }

    func key(of content: ArraySlice<UInt8>) throws(SettingsFault) -> String {
        guard let equals = content.firstIndex(of: UInt8(ascii: "=")) else { throw .noEquals }
        var name = content[..<equals].trimmed
        let words = name.split(whereSeparator: \.isBlank)
        if words.count > 1, words.first.map({ Array($0) }) == Array("export".utf8) {
            if dialect == .configuration { throw .export }
            name = name.dropFirst(6).trimmed
        }
        guard let first = name.first else { throw .noKey }
        if name.contains(where: \.isBlank) { throw .spaceInKey }
        let text = String(decoding: name, as: UTF8.self)
        if let scalar = text.unicodeScalars.first(where: { !isAllowed($0) }) {
            throw scalar.value == 13 ? .carriageReturn : .keyHolds(scalar)
        }
        if dialect == .configuration, (48...57).contains(first) { throw .keyStartsWithDigit }
        return text
    }

    private func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch dialect {
        case .configuration:
            (65...90).contains(scalar.value) || (97...122).contains(scalar.value) || (48...57).contains(scalar.value)
                || scalar == "_"
        case .environment:
            !scalar.properties.isWhitespace && scalar != "\"" && scalar != "'"
                && ![.control, .format, .unassigned, .privateUse].contains(scalar.properties.generalCategory)
        }
    }

    /// - Returns: the value, and whether it stood in single quotes, where nobody expands anything.
    func value(of content: ArraySlice<UInt8>) throws(SettingsFault) -> (text: String, isVerbatim: Bool) {
        let raw = content.drop { $0 != UInt8(ascii: "=") }.dropFirst()
        let text = raw.drop(while: \.isBlank)
        guard let quote = text.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            return (try Self.printable(Self.withoutComment(raw)), false)
        }
        let body = text.dropFirst()
        guard let end = body.firstIndex(of: quote) else { throw .unclosedQuote(quote) }
        if quote == UInt8(ascii: "\""),
            !body[..<end].reversed().prefix(while: { $0 == UInt8(ascii: "\\") }).count.isMultiple(of: 2)
        {
            throw .escapedQuote
        }
        let rest = body[body.index(after: end)...]
        guard Self.withoutComment(rest).isEmpty else { throw .textAfterQuote }
        return (try Self.printable(body[..<end]), quote == UInt8(ascii: "'"))
    }

    /// A `#` after white space starts a comment; one inside a word, or right after the `=`, does not: passwords have it.
    private static func withoutComment(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let comment = text.indices.first { index in
            text[index] == UInt8(ascii: "#") && index > text.startIndex && text[text.index(before: index)].isBlank
        }
        return text[..<(comment ?? text.endIndex)].trimmed
    }

    private static func printable(_ text: ArraySlice<UInt8>) throws(SettingsFault) -> String {
        for byte in text where byte < 32 && byte != 9 || byte == 127 {
            throw byte == 13 ? .carriageReturn : .controlCharacter(Unicode.Scalar(byte))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The first byte with which the text is no longer UTF-8.
    private static func invalidByte(_ text: ArraySlice<UInt8>) -> UInt8 {
        var low = 0
        var high = text.count
        // A prefix that ends inside a character is invalid, too: the shortest one that no three more bytes mend counts.
        while low < high {
            let middle = (low + high) / 2
            let isGood = (0...3).contains { String(validating: text.prefix(middle + $0), as: UTF8.self) != nil }
            if isGood { low = middle + 1 } else { high = middle }
        }
        return text.dropFirst(max(0, low - 1)).first { $0 >= 0x80 } ?? text.first { $0 >= 0x80 } ?? 0
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension ArraySlice<UInt8> {
    fileprivate var trimmed: Self {
        var slice = drop(while: \.isBlank)
        while slice.last?.isBlank == true { slice.removeLast() }
        return slice
    }
}
