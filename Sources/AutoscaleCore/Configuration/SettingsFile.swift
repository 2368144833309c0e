/// The text of a `KEY=VALUE` file, read strictly and never executed: the configuration, and the backends' `.env`.
package struct SettingsFile: Equatable, Sendable {
    package struct Line: Equatable, Sendable {
        package let number: Int
        package let key: String
        package let value: String
    }

    /// A line that can't be read; nothing of it is used, and nothing of it is quoted: it may be half of a secret.
    package struct Problem: Equatable, Sendable {
        /// `nil`: the file as a whole.
        package let line: Int?
        package let key: String?
        package let found: String
        package let allowed: String
    }

    /// Each key once, in the order of the file.
    package let lines: [Line]
    /// The first `mostProblems`.
    package let problems: [Problem]
    /// How many more there are.
    package let unlistedProblems: Int

    /// In bytes: a longer file is something else, and is not read.
    package static let largest = 1 << 20
    /// Nobody reads more of them at once.
    package static let mostProblems = 100

    /// Reads a whole text; a file with any problem is not to be used, but all its problems are counted.
    package init(text: String) {
        guard text.utf8.count <= Self.largest else {
            lines = []
            problems = [
                Problem(
                    line: nil, key: nil, found: "a file of \(text.utf8.count) bytes",
                    allowed: "at most \(Self.largest >> 20) MiB")
            ]
            unlistedProblems = 0
            return
        }
        var lines: [Line] = []
        var problems: [Problem] = []
        var unlisted = 0
        var firstLine: [String: Int] = [:]
        func report(_ number: Int, _ key: String?, _ found: @autoclosure () -> String, allowed: String) {
            guard problems.count < Self.mostProblems else {
                unlisted += 1
                return
            }
            problems.append(Problem(line: number, key: key, found: found(), allowed: allowed))
        }
        let rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, row) in rows.enumerated() {
            let number = index + 1
            guard StreamSafeText.isSafe(row) else {
                report(number, nil, Self.tooManyMarks, allowed: Self.allowedMarks)
                continue
            }
            let content = row.trimmingWhiteSpace
            if content.isEmpty || content.first == "#" { continue }
            guard let equals = content.firstIndex(of: "=") else {
                report(number, nil, "no '='", allowed: "KEY=VALUE")
                continue
            }
            let key = String(content[..<equals].trimmingWhiteSpace)
            guard Self.isKey(key) else {
                report(number, nil, "no key before '='", allowed: "a key of letters, digits and '_'")
                continue
            }
            if let first = firstLine[key] {
                report(number, key, "given again", allowed: "once (line \(first) has it, too)")
                continue
            }
            firstLine[key] = number
            do throws(ValueError) {
                let value = try Self.value(content[content.index(after: equals)...].trimmingWhiteSpace)
                lines.append(Line(number: number, key: key, value: value))
            } catch {
                report(number, key, error.found, allowed: error.allowed)
            }
        }
        self.lines = lines
        self.problems = problems
        unlistedProblems = unlisted
    }

    static let tooManyMarks = "a letter with too many combining marks"
    static let allowedMarks = "at most \(StreamSafeText.mostMarks) on a letter"

    private enum ValueError: Error {
        case unclosedQuote(Character)
        case textAfterQuote
        case controlCharacter

        var found: String {
            switch self {
            case .unclosedQuote(let quote): "a \(quote) that is not closed"
            case .textAfterQuote: "text after the closing quote"
            case .controlCharacter: "a control character"
            }
        }

        var allowed: String {
            switch self {
            case .unclosedQuote, .textAfterQuote: "VALUE, 'VALUE' or \"VALUE\", then perhaps a comment"
            case .controlCharacter: "printable text"
            }
        }
    }

    private static func value(_ text: Substring) throws(ValueError) -> String {
        guard let quote = text.first, quote == "'" || quote == "\"" else {
            return try printable(withoutComment(text))
        }
        let body = text.dropFirst()
        guard let end = body.firstIndex(of: quote) else { throw .unclosedQuote(quote) }
        let rest = body[body.index(after: end)...].trimmingWhiteSpace
        guard rest.isEmpty || rest.first == "#" else { throw .textAfterQuote }
        return try printable(body[..<end])
    }

    /// A `#` after white space starts a comment; one inside a word does not.
    private static func withoutComment(_ text: Substring) -> Substring {
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#", previous.isWhitespace { return text[..<index].trimmingWhiteSpace }
            previous = text[index]
        }
        return text
    }

    private static func printable(_ text: Substring) throws(ValueError) -> String {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 || $0 == "\t" }) else {
            throw .controlCharacter
        }
        return String(text)
    }

    private static func isKey(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension Substring {
    fileprivate var trimmingWhiteSpace: Substring {
        var slice = self
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return slice
    }
}
