/// A configured command, split into program and arguments like a POSIX shell splits it (XCU 2.2 and 2.6.5), to be run
/// without one.
///
/// Quotes and backslashes work; nothing is expanded and nothing is an operator: `$`, `*`, `|`, `;`, `&`, `<`, `>`, `(`,
/// `)`, a backquote, `~` and `#` stay the characters that they are, so no text of a configuration file ever runs a
/// second program.
package struct CommandWords: Hashable, Sendable {
    package let program: String
    package let arguments: [String]

    package init(program: String, arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// In bytes; Linux starts no program with more (execve(2): `ARG_MAX` is 2 MiB as a rule, and counts the environment).
    package static let longest = 1 << 20

    package init(_ text: String) throws(CommandWordsError) {
        guard text.utf8.count <= Self.longest else { throw .tooLong(bytes: text.utf8.count) }
        var splitter = Splitter(text)
        let words = try splitter.words()
        guard let program = words.first, !program.isEmpty else { throw .empty }
        self.init(program: program, arguments: Array(words.dropFirst()))
    }
}

package enum CommandWordsError: Error, Hashable {
    /// No word at all, or an empty first one.
    case empty
    /// More than any program can be started with.
    case tooLong(bytes: Int)
    case unterminatedQuote(Character)
    /// A backslash at the very end: it would quote what isn't there.
    case trailingBackslash
    /// NUL can't be passed to a program: the argument would end there.
    case nulCharacter
}

extension CommandWordsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "no program is named"
        case .tooLong(let bytes): "a command of \(bytes) bytes is too long to be run"
        case .unterminatedQuote(let quote): "a quote (\(quote)) is opened and never closed"
        case .trailingBackslash: "a backslash stands at the end, with nothing to quote"
        case .nulCharacter: "a NUL character can't be part of a command"
        }
    }
}

extension CommandWords: CustomStringConvertible {
    /// The command quoted again: splitting it gives the same words.
    package var description: String {
        ([program] + arguments).map(Self.quoted).joined(separator: " ")
    }

    /// Scalars here, too: a combining mark after a quote must not hide it.
    private static func quoted(_ word: String) -> String {
        guard word.isEmpty || !word.unicodeScalars.allSatisfy(isPlain) else { return word }
        let parts = word.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false).map { String($0) }
        return "'\(parts.joined(separator: #"'\''"#))'"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "@", "%", "+", "=", ":", ",", ".", "/", "-": true
        default: false
        }
    }
}

/// One pass over the bytes: everything that has a meaning here is ASCII, and a combining mark after a quote must not hide
/// the quote.
private struct Splitter {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func words() throws(CommandWordsError) -> [String] {
        var words: [String] = []
        while let word = try word() { words.append(word) }
        return words
    }

    /// `nil` at the end of the text; `''` is an empty word.
    private mutating func word() throws(CommandWordsError) -> String? {
        while let next, Self.isBlank(next) { position += 1 }
        guard next != nil else { return nil }
        var word: [UInt8] = []
        while let byte = take(), !Self.isBlank(byte) {
            switch byte {
            case UInt8(ascii: "'"): try singleQuoted(into: &word)
            case UInt8(ascii: "\""): try doubleQuoted(into: &word)
            case UInt8(ascii: "\\"):
                guard let quoted = take() else { throw .trailingBackslash }
                if quoted == 0 { throw .nulCharacter }
                if quoted != UInt8(ascii: "\n") { word.append(quoted) }
            case 0: throw .nulCharacter
            default: word.append(byte)
            }
        }
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func singleQuoted(into word: inout [UInt8]) throws(CommandWordsError) {
        while let byte = take() {
            if byte == UInt8(ascii: "'") { return }
            if byte == 0 { throw .nulCharacter }
            word.append(byte)
        }
        throw .unterminatedQuote("'")
    }

    /// Inside double quotes a backslash quotes only `$`, a backquote, `"`, `\` and the end of a line (XCU 2.2.3).
    private mutating func doubleQuoted(into word: inout [UInt8]) throws(CommandWordsError) {
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "\""): return
            case 0: throw .nulCharacter
            case UInt8(ascii: "\\"):
                switch next {
                case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    if let quoted = take() { word.append(quoted) }
                case UInt8(ascii: "\n"): position += 1
                default: word.append(byte)
                }
            default: word.append(byte)
            }
        }
        throw .unterminatedQuote("\"")
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
    }
}
