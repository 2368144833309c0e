import Foundation
import Settings
import SystemPackage
import Testing

/// What is shipped and what is documented, against the defaults in the code.
@Suite struct ShippedConfigurationTests {
    private static let file = "config/autoscale.conf"

    private func text(_ path: String) throws -> String {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        return try String(contentsOfFile: root.appending(path).string, encoding: .utf8)
    }

    private func configuration(_ text: String) throws -> Configuration {
        try Configuration(
            text: text, path: FilePath(Self.file), base: "/opt/autoscale", environment: [:])
    }

    /// The lines that set a key, or would without their `#`.
    private func lines(of key: ConfigurationKey, in text: String) -> [Substring] {
        text.split(whereSeparator: \.isNewline).filter {
            $0.hasPrefix("\(key.rawValue)=") || $0.hasPrefix("#\(key.rawValue)=")
        }
    }

    /// The cells of the table rows whose first cell is the key.
    private func rows(of key: ConfigurationKey, in text: String) -> [[String]] {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("| `\(key.rawValue)` |") }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func `The shipped file has no problem and sets nothing but defaults`() throws {
        let shipped = SettingsFile(text: try text(Self.file))
        #expect(shipped.problems.isEmpty)
        let values = Dictionary(uniqueKeysWithValues: shipped.lines.map { ($0.key, $0.value) })
        for key in ConfigurationKey.allCases {
            #expect(values[key.rawValue] == key.defaultText, "\(key.rawValue)")
        }
        #expect(values.count == ConfigurationKey.allCases.count { $0.defaultText != nil })
    }

    @Test func `The shipped file gives the same values as an empty one`() throws {
        let shipped = try configuration(try text(Self.file)).entries
        let empty = try configuration("").entries
        for (one, other) in zip(shipped, empty) {
            #expect(one.key == other.key)
            #expect(one.text == other.text, "\(one.key.rawValue)")
        }
        #expect(shipped.count == ConfigurationKey.allCases.count)
    }

    @Test(arguments: ConfigurationKey.allCases)
    func `Every key stands in the shipped file once, with a value that it takes`(key: ConfigurationKey) throws {
        let lines = lines(of: key, in: try text(Self.file))
        try #require(lines.count == 1, "\(key.rawValue)")
        let line = try #require(lines.first)
        #expect(line.hasPrefix("#") == (key.defaultText == nil), "\(line)")
        let entries = try configuration(String(line.drop { $0 == "#" })).entries
        let entry = try #require(entries.first { $0.key == key })
        #expect(entry.origin == .file(Self.file, line: 1), "\(line)")
    }

    @Test(arguments: ConfigurationKey.allCases)
    func `Every key has one row in the documentation, with its default`(key: ConfigurationKey) throws {
        let rows = rows(of: key, in: try text("docs/configuration.md"))
        try #require(rows.count == 1, "\(key.rawValue)")
        let cells = try #require(rows.first)
        try #require(cells.count == 4, "key, default, allowed, meaning: \(cells)")
        #expect(cells[1] == key.defaultText.map { "`\($0)`" } ?? "–", "\(key.rawValue)")
        #expect(!cells[2].isEmpty && !cells[3].isEmpty)
    }

    @Test func `The documentation names no key that there is not`() throws {
        let documented = try text("docs/configuration.md").split(whereSeparator: \.isNewline)
            .filter { $0.hasPrefix("| `") }
            .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
            .filter { $0.wholeMatch(of: #/[A-Z][A-Z0-9_]+/#) != nil }  // `A=b` is a line of an example
        #expect(documented.count >= ConfigurationKey.allCases.count)
        for name in documented { #expect(ConfigurationKey.named(name) != nil, "\(name)") }
    }
}
