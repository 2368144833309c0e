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

    package init(_ text: String) throws(CommandWordsError) {
        var splitter = Splitter(text)
        let words = try splitter.words()
        guard let program = words.first, !program.isEmpty else { throw .empty }
        self.init(program: program, arguments: Array(words.dropFirst()))
    }
}

package enum CommandWordsError: Error, Hashable {
    /// No word at all, or an empty first one.
    case empty
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

/// One pass over the text; scalars, because a combining mark after a quote must not hide the quote.
private struct Splitter {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) {
        rest = Substring(text).unicodeScalars
    }

    mutating func words() throws(CommandWordsError) -> [String] {
        var words: [String] = []
        while let word = try word() { words.append(word) }
        return words
    }

    /// `nil` at the end of the text; `''` is an empty word.
    private mutating func word() throws(CommandWordsError) -> String? {
        while let next = rest.first, Self.isBlank(next) { rest.removeFirst() }
        guard !rest.isEmpty else { return nil }
        var word = String.UnicodeScalarView()
        while let next = rest.popFirst(), !Self.isBlank(next) {
            switch next {
            case "'": try singleQuoted(into: &word)
            case "\"": try doubleQuoted(into: &word)
            case "\\":
                guard let quoted = rest.popFirst() else { throw .trailingBackslash }
                if quoted == "\0" { throw .nulCharacter }
                if quoted != "\n" { word.append(quoted) }
            case "\0": throw .nulCharacter
            default: word.append(next)
            }
        }
        return String(word)
    }

    private mutating func singleQuoted(into word: inout String.UnicodeScalarView) throws(CommandWordsError) {
        while let next = rest.popFirst() {
            if next == "'" { return }
            if next == "\0" { throw .nulCharacter }
            word.append(next)
        }
        throw .unterminatedQuote("'")
    }

    /// Inside double quotes a backslash quotes only `$`, a backquote, `"`, `\` and the end of a line (XCU 2.2.3).
    private mutating func doubleQuoted(into word: inout String.UnicodeScalarView) throws(CommandWordsError) {
        while let next = rest.popFirst() {
            switch next {
            case "\"": return
            case "\0": throw .nulCharacter
            case "\\":
                switch rest.first {
                case "$", "`", "\"", "\\": word.append(rest.removeFirst())
                case "\n": rest.removeFirst()
                default: word.append(next)
                }
            default: word.append(next)
            }
        }
        throw .unterminatedQuote("\"")
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n"
    }
}
