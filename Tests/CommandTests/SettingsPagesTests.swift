import Decisions
import Foundation
import Settings
import SystemPackage
import Testing

/// `config/autoscale.conf` and the tables of docs/configuration.md, against the definitions of the keys. With
/// `AUTOSCALE_WRITE_SETTINGS` set, which is `make settings`, they are written instead.
@Suite struct SettingsPagesTests {
    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()
    private static let isWriting = ProcessInfo.processInfo.environment["AUTOSCALE_WRITE_SETTINGS"] != nil

    private func hold(_ path: String, to expected: (String) throws -> String) throws {
        let file = Self.root.appending(path).string
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let wanted = try expected(text)
        if Self.isWriting { return try Data(wanted.utf8).write(to: URL(filePath: file)) }
        let (found, lines) = (text.split(separator: "\n"), wanted.split(separator: "\n"))
        for difference in lines.difference(from: found) {
            switch difference {
            case .insert(_, let line, _): Issue.record("\(path) lacks: \(line)\nrun: make settings")
            case .remove(_, let line, _): Issue.record("\(path) has, and no key says it: \(line)\nrun: make settings")
            }
        }
        #expect(text == wanted, "\(path): run: make settings")
    }

    @Test func `the shipped file is what the keys say`() throws {
        try hold("config/autoscale.conf") { _ in ShippedFile.text }
    }

    @Test func `the tables of the documentation are what the keys say`() throws {
        try hold("docs/configuration.md") { text in
            try ConfigurationSection.all.reduce(text) { try KeyTable($1).replacing(in: $0) }
        }
    }

    @Test(arguments: ConfigurationKey.allCases)
    func `every key says in both languages what it means and what it takes`(key: ConfigurationKey) {
        for language in Language.allCases {
            let meaning = key.meaning.text(in: language)
            #expect(meaning.hasSuffix(".") && !meaning.contains("|") && !meaning.contains("\n"), "\(key)")
            #expect(meaning.filter { $0 == "`" }.count.isMultiple(of: 2), "\(key): a backquote is open")
            #expect(!key.allowed.text(in: language).isEmpty)
        }
        #expect(key.meaning.english != key.meaning.spanish, "\(key)")
        if let page = key.page?.split(separator: "#").first {
            #expect(FileManager.default.fileExists(atPath: Self.root.appending("docs/\(page)").string), "\(key)")
        }
    }
}

/// The rows of one section in docs/configuration.md.
private struct KeyTable {
    private let section: ConfigurationSection

    init(_ section: ConfigurationSection) { self.section = section }

    /// The page with the rows of the table under the section's heading.
    func replacing(in page: String) throws -> String {
        var lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let heading = try #require(lines.firstIndex(of: "### \(section.title.english)"), "no heading")
        let head = try #require(lines[heading...].firstIndex(of: "| key | default | allowed | meaning |"), "no table")
        let first = head + 2
        let end = lines[first...].firstIndex { !$0.hasPrefix("|") } ?? lines.endIndex
        lines.replaceSubrange(first..<end, with: section.keys.map(Self.row))
        return lines.joined(separator: "\n")
    }

    private static func row(of key: ConfigurationKey) -> String {
        let standard = key.defaultText.map { "`\($0)`" } ?? "–"
        let more = key.page.map { " ([more](\($0)))" } ?? ""
        return "| `\(key)` | \(standard) | \(allowed(key.allowed)) | \(key.meaning.english)\(more) |"
    }

    private static func allowed(_ value: AllowedValue) -> String {
        switch value {
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .pattern(let pattern): "`\(pattern)`"
        default: value.text(in: .english)
        }
    }
}

/// `config/autoscale.conf`, as it is shipped.
private enum ShippedFile {
    private static let width = 120

    static var text: String {
        ([head] + ConfigurationSection.all.map(text)).joined(separator: "\n\n") + "\n"
    }

    private static let head = """
        # autoscale: what one service needs to know.
        #
        # KEY=VALUE a line. Every key stands here with its default; a key without a default stands behind a '#', with an example.
        # Quotes are optional; nothing is expanded and nothing here is run by a shell. ` #` after a value starts a comment.
        # The environment overrides a key under AUTOSCALE_<KEY>. Relative paths start from the folder above this file's `config`.
        # After a change: autoscale config check. More: docs/configuration.md.
        """

    private static func text(of section: ConfigurationSection) -> String {
        let title = "# --- \(section.title.english) "
        let heading = title + String(repeating: "-", count: width - title.count)
        let introduction = section.introduction.map { "\n" + comment($0.english) } ?? ""
        return ([heading + introduction] + section.keys.map(text)).joined(separator: "\n\n")
    }

    private static func text(of key: ConfigurationKey) -> String {
        let value = key.defaultText ?? key.example
        let written = value.contains(" ") && !value.hasPrefix("'") ? "'\(value)'" : value
        return comment(sentences(about: key)) + "\n" + (key.defaultText == nil ? "#" : "") + "\(key)=\(written)"
    }

    private static func sentences(about key: ConfigurationKey) -> String {
        let page = key.page.flatMap { $0.split(separator: "#").first }.map { " See docs/\($0)." } ?? ""
        let meaning = key.meaning.english.replacing("`", with: "") + page
        switch key.allowed {
        case .text, .path: return meaning
        default: return meaning + " Allowed: " + key.allowed.text(in: .english)
        }
    }

    private static func comment(_ text: String) -> String {
        var lines = ["#"]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + 1 + word.count > width { lines.append("#") }
            lines[lines.count - 1] += " \(word)"
        }
        return lines.joined(separator: "\n")
    }
}
