import Foundation
import SystemPackage
import Testing

/// The pages' tables of messages, against the string literals of the programs: whoever looks a message up finds the words
/// that stand in the log.
@Suite struct QuotedMessagesTests {
    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// What stands between the literal words of a message: omitted or inserted text, paths, numbers with their unit,
    /// punctuation and words with which one sentence takes in another.
    private static func pieces(of quote: Substring) -> [String] {
        quote.split(
            separator:
                #/…|(^|[ ])\/[^ ]+| > | and | (up|down), |%|[0-9]+(\.[0-9]+)*( (s|min|h|MiB|GiB)\b)?|: |, |; |[()"]/#
        )
        .map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { $0.count >= 12 && $0.contains(" ") }
    }

    /// The first cells of all rows, in backticks.
    private static func quotes(in page: String) throws -> [Substring] {
        let text = try String(contentsOfFile: root.appending("docs/\(page)").string, encoding: .utf8)
        return text.split(separator: "\n").flatMap { line -> [Substring] in
            guard line.hasPrefix("| "), let end = line.dropFirst(2).firstRange(of: " | ") else { return [] }
            return line[..<end.lowerBound].matches(of: #/`([^`]+)`/#).map(\.output.1)
        }
    }

    /// The log lines that stand in a page's examples, without their time.
    private static func logLines(in page: String) throws -> [Substring] {
        let text = try String(contentsOfFile: root.appending(page).string, encoding: .utf8)
        return text.split(separator: "\n").compactMap { $0.firstMatch(of: #/^ *\[20[0-9 :-]+\] (.*)/#)?.output.1 }
    }

    /// The sources with literals joined as the compiler does it, and a mark in the place of what is inserted.
    private static func literals() throws -> String {
        var text = ""
        let files = FileManager.default.enumerator(atPath: root.appending("Sources").string)
        while let name = files?.nextObject() as? String {
            guard name.hasSuffix(".swift") else { continue }
            text += try String(contentsOfFile: root.appending("Sources/\(name)").string, encoding: .utf8)
        }
        text.replace(#/"\s*\+\s*"/#, with: "")
        text.replace(#/\\\n\s*/#, with: "")
        return withoutInsertions(text)
    }

    private static func withoutInsertions(_ text: String) -> String {
        var kept: [UInt8] = []
        var depth = 0
        var previous: UInt8 = 0
        for byte in text.utf8 {
            defer { previous = byte }
            switch byte {
            case UInt8(ascii: "(") where depth > 0 || previous == UInt8(ascii: "\\"):
                depth += 1
            case UInt8(ascii: ")") where depth > 0:
                depth -= 1
                if depth == 0 { kept.append(0) }
            case _ where depth == 0: kept.append(byte)
            default: break
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Words that PostgreSQL or the kernel says, and ours only pass on.
    private static let foreign = ["permission denied for table", "No space left on device", "Too many links"]

    @Test(arguments: ["operations.md", "backup.md", "healthcheck.md", "alerts.md", "cleanup.md", "maintenance.md"])
    func `every message that a page's table quotes is one that the programs say`(page: String) throws {
        let said = try Self.literals()
        let quotes = try Self.quotes(in: page).filter { !$0.hasPrefix("backup ") }
        let pieces = quotes.flatMap(Self.pieces).filter { !Self.foreign.contains($0) }
        let unsaid = pieces.filter { !said.contains($0) }
        #expect(unsaid == [])
        #expect(
            pieces.count >= (["operations.md": 100, "backup.md": 15][page] ?? 0), "\(quotes.count) quotes were read")
    }

    @Test(arguments: ["README.md", "docs/getting-started.md", "docs/operations.md"])
    func `every line of a log that a page shows is one that the programs write`(page: String) throws {
        let said = try Self.literals()
        let lines = try Self.logLines(in: page)
        #expect(lines.count >= 8)
        #expect(lines.flatMap(Self.pieces).filter { !said.contains($0) } == [])
        // Known by their first words, where what follows is a number or a name.
        let beginnings = lines.compactMap { $0.firstMatch(of: #/^[A-Z][A-Za-z ]+:?/#)?.output }
        #expect(beginnings.count == lines.count)
        #expect(beginnings.filter { !said.contains($0) } == [])
    }

    @Test func `words that nobody says are found out`() throws {
        let said = try Self.literals()
        #expect(
            Self.pieces(of: "… is not ready after 20 s: HTTP 500 (its pool is full)") == [
                "is not ready after", "its pool is full",
            ])
        #expect(said.contains("is not ready after"))
        #expect(!said.contains("is not quite ready " + "after"))
    }
}
