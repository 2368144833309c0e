import CommandLineSupport
import Decisions
import Host
import Reporting
import SystemPackage
import TestSupport
import Testing

/// Every page of help, in every language, as a terminal shows it.
struct HelpTests {
    struct Page: CustomTestStringConvertible, Sendable {
        let program: String
        let words: [String]
        let language: Language

        var testDescription: String { ([program] + words).joined(separator: " ") + " (\(language.rawValue))" }
    }

    private static let commands: [(program: String, words: [[String]])] = [
        (
            "autoscale",
            [[], ["monitor"], ["status"], ["why"], ["config"], ["config", "check"], ["config", "show"]]
        ),
        ("backup", [[], ["run"], ["list"], ["verify"], ["drill"], ["restore"], ["prune"], ["claim"]]),
        ("cleanup", [[]]), ("healthcheck", [[]]),
    ]

    static let pages = Language.allCases.flatMap { language in
        commands.flatMap { program, all in all.map { Page(program: program, words: $0, language: language) } }
    }

    private static func text(_ page: Page, _ arguments: [String]? = nil) async throws -> String {
        let output = try await BuiltBinary(page.program).run(
            arguments: arguments ?? page.words + ["--help"], environment: ["AUTOSCALE_LANGUAGE": page.language.rawValue]
        )
        #expect(output.status == 0)
        #expect(output.stderr.isEmpty)
        return output.stdout
    }

    private static func headings(_ language: Language) -> [String] {
        [HelpText.usage, .example, .commands, .options, .exitCodes].map { $0.sentence(in: language) }
    }

    /// The lines below a heading, up to the next empty one.
    private static func section(_ heading: HelpText, of text: String, _ language: Language) -> [Substring] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let rest = lines.drop { $0 != heading.sentence(in: language) }.dropFirst()
        return Array(rest.prefix { !$0.isEmpty })
    }

    @Test(arguments: pages)
    func `a page begins with the usage, fits 80 columns, and wraps nothing inside a row`(page: Page) async throws {
        let text = try await Self.text(page)
        #expect(text.hasPrefix("\(HelpText.usage.sentence(in: page.language)) \(page.program)"))
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let order = Self.headings(page.language).compactMap { text.firstRange(of: $0)?.lowerBound }
        #expect(order == order.sorted() && order.count >= 4)
        for heading in [HelpText.commands, .options, .exitCodes] {
            for row in Self.section(heading, of: text, page.language) {
                #expect(try #/  \S.*?  \S.*/#.wholeMatch(in: row) != nil, "\(row)")
            }
        }
    }

    @Test(arguments: pages)
    func `its one example is a command line that the program takes`(page: Page) async throws {
        let text = try await Self.text(page)
        let examples = Self.section(.example, of: text, page.language)
        #expect(examples.count == 1)
        let words = (examples.first ?? "").split(separator: " ").map(String.init)
        #expect(words.first == page.program)
        // It gets as far as the configuration, which is not there.
        let output = try await BuiltBinary(page.program).run(
            arguments: words.dropFirst() + ["--config", "/absent/autoscale.conf"])
        #expect(output.status == (page.program == "healthcheck" ? 3 : 78), "\(words): \(output)")
    }

    @Test(arguments: pages)
    func `its exit codes exist, stand in order, and none is there that nothing gives`(page: Page) async throws {
        let text = try await Self.text(page)
        let codes = Self.section(.exitCodes, of: text, page.language).map { row in
            row.split(separator: " ").first.flatMap { Int32($0) } ?? -1
        }
        #expect(codes == codes.sorted() && Set(codes).count == codes.count)
        if page.program == "healthcheck" {
            #expect(codes == [0, 1, 2, 3])
        } else {
            #expect(Set(codes).isSubset(of: ExitStatus.allCases.map(\.rawValue)))
            #expect(Set(codes).isSuperset(of: [0, 64, 77, 78]) && !codes.contains(70))
        }
    }

    @Test(arguments: pages)
    func `help is the same however it is asked for`(page: Page) async throws {
        let text = try await Self.text(page)
        #expect(try await Self.text(page, page.words + ["-h"]) == text)
        if page.program == "autoscale" || page.program == "backup" {
            #expect(try await Self.text(page, ["help"] + page.words) == text)
        }
    }

    @Test func `no page says in Spanish what it says in English`() async throws {
        for page in Self.pages where page.language == .english {
            let english = try await Self.text(page)
            let spanish = try await Self.text(Page(program: page.program, words: page.words, language: .spanish))
            for heading in [HelpText.commands, .options, .exitCodes] {
                let rows = Self.section(heading, of: english, .english)
                let translated = Self.section(heading, of: spanish, .spanish)
                #expect(rows.count == translated.count)
                #expect(Set(rows).isDisjoint(with: translated), "\(page.testDescription)")
            }
            let summaries = [english, spanish].map { $0.split(separator: "\n\n")[1] }
            #expect(summaries[0] != summaries[1])
        }
    }

    @Test func `every option that a page names is one that the parser takes`() async throws {
        for page in Self.pages where page.language == .english {
            let text = try await Self.text(page)
            for row in Self.section(.options, of: text, page.language) {
                guard let option = row.split(separator: " ").first(where: { $0.hasPrefix("--") }) else { continue }
                let output = try await BuiltBinary(page.program).run(
                    arguments: page.words + [String(option), "--no-such-option"])
                #expect(!output.stderr.contains("'\(option)'"), "\(output)")
            }
        }
    }

    @Test(arguments: [
        (["monitor", "--dri"], "opción desconocida: '--dri'"), (["status", "extra"], "argumento inesperado: 'extra'"),
        (["monitor", "--config"], "falta el valor de '--config <archivo>'"), (["pausa"], "no existe la orden 'pausa'"),
        (["monitr"], "¿quiso decir monitor?"), (["status", "--json=1"], "la opción '--json' no lleva valor: '1'"),
    ])
    func `wrong use is answered in Spanish, with the usage behind it`(arguments: [String], words: String) async throws {
        let output = try await BuiltBinary("autoscale").run(
            arguments: arguments, environment: ["AUTOSCALE_LANGUAGE": "es"])
        #expect(output.status == 64 && output.stdout.isEmpty)
        #expect(output.stderr.contains(words) && output.stderr.contains("--help"), "\(output)")
    }

    @Test func `the language of help is that of the configuration that is named`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a.conf")
            try DurableFile.replace(file, with: Array("LANGUAGE=es\n".utf8))
            for arguments in [["--help", "--config", file.string], ["monitor", "--config=\(file)", "-h"]] {
                let output = try await BuiltBinary("autoscale").run(arguments: arguments)
                #expect(output.status == 0 && output.stdout.hasPrefix("Uso: autoscale"), "\(output)")
            }
            let output = try await BuiltBinary("autoscale").run(
                arguments: ["--help"], environment: ["AUTOSCALE_CONFIG": file.string])
            #expect(output.stdout.hasPrefix("Uso: autoscale"))
        }
    }
}
