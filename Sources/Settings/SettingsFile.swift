package import Decisions
import Host

/// The text of a `KEY=VALUE` file, read strictly and never executed: the configuration, and the backends' `.env`.
///
/// It is read by bytes, as `docker run --env-file` and sh do: a line ends with LF or CR LF, white space is a space or a
/// tab, and no combining mark makes another character of a `=` or a quote. docs/configuration.md has the table of where
/// these three and compose differ.
package struct SettingsFile: Equatable, Sendable {
    /// Whose names stand before the `=`.
    package enum Dialect: Sendable {
        /// Ours: letters, digits and `_`.
        case configuration
        /// An application's: what Docker takes, so `spring.datasource.url`, too; and `export` before it, as in sh.
        case environment
    }

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
        let fault: SettingsFault
        let dialect: Dialect

        package var found: Words { Words(fault.englishFound, fault.spanishFound) }
        package var allowed: Words {
            Words(fault.englishAllowed(in: dialect), fault.spanishAllowed(in: dialect))
        }
    }

    /// Each key once, in the order of the file.
    package let lines: [Line]
    /// The first `mostProblems`.
    package let problems: [Problem]
    /// How many more there are.
    package let unlistedProblems: Int
    /// Lines with a `${NAME}` that sh and compose would fill in, and that stays as it is here.
    package let unexpanded: [Line]

    /// In bytes: a longer file is something else, and is not read.
    package static let largest = 1 << 20
    /// Nobody reads more of them at once.
    package static let mostProblems = 100

    package init(text: String, dialect: Dialect = .configuration) {
        self.init(bytes: Array(text.utf8), dialect: dialect)
    }

    /// Reads a whole file; one with any problem is not to be used, but all its problems are counted.
    package init(bytes: [UInt8], dialect: Dialect = .configuration) {
        let whole = bytes.count > Self.largest ? .tooLarge(bytes: bytes.count) : SettingsFault(encodingOf: bytes)
        if let whole {
            lines = []
            problems = [Problem(line: nil, key: nil, fault: whole, dialect: dialect)]
            unlistedProblems = 0
            unexpanded = []
            return
        }
        var lines: [Line] = []
        var unexpanded: [Line] = []
        var problems: [Problem] = []
        var unlisted = 0
        var firstLine: [String: Int] = [:]
        func report(_ number: Int, _ key: String?, _ fault: SettingsFault) {
            guard problems.count < Self.mostProblems else {
                unlisted += 1
                return
            }
            problems.append(Problem(line: number, key: key, fault: fault, dialect: dialect))
        }
        let hasMark = bytes.starts(with: SettingsFault.byteOrderMark)
        let rows = bytes.dropFirst(hasMark ? SettingsFault.byteOrderMark.count : 0)
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
        var index = 0
        while index < rows.count {
            let number = index + 1
            let row = SettingsRow(rows[index], in: dialect)
            index += 1
            var key: String?
            do throws(SettingsFault) {
                guard let content = try row.content() else { continue }
                let name = try row.key(of: content)
                key = name
                if let first = firstLine[name] { throw .again(line: first) }
                firstLine[name] = number
                let (value, isVerbatim) = try row.value(of: content)
                if dialect == .environment { try SettingsFault.checkLength(name: name, value: value) }
                let line = Line(number: number, key: name, value: value)
                lines.append(line)
                if !isVerbatim, value.namesAVariable { unexpanded.append(line) }
            } catch {
                guard case .unclosedQuote(let quote) = error,
                    let end = Self.end(of: quote, in: rows, from: index)
                else {
                    report(number, key, error)
                    continue
                }
                report(number, key, .severalLines(last: end + 1))
                index = end + 1
            }
        }
        self.lines = lines
        self.problems = problems
        self.unexpanded = unexpanded
        unlistedProblems = unlisted
    }

    /// Where a value of several lines ends: it is one fault, not one a line. A setting of its own in between is none of
    /// its lines: then the quote was forgotten.
    private static func end(of quote: UInt8, in rows: [ArraySlice<UInt8>], from first: Int) -> Int? {
        for index in rows.indices.dropFirst(first) {
            let name = rows[index].prefix { $0 != UInt8(ascii: "=") }
            let isSetting =
                name.count < rows[index].count && !name.isEmpty
                && name.allSatisfy { (65...90).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
            if isSetting { return nil }
            if rows[index].contains(quote) { return index }
        }
        return nil
    }
}

extension String {
    /// `${NAME`, as sh and compose have it; a lone `$` stands in passwords.
    fileprivate var namesAVariable: Bool {
        let bytes = Array(utf8)
        return bytes.indices.dropLast(2).contains { index in
            bytes[index] == UInt8(ascii: "$") && bytes[index + 1] == UInt8(ascii: "{")
                && ((65...90).contains(bytes[index + 2] & 0xDF) || bytes[index + 2] == UInt8(ascii: "_"))
        }
    }
}
