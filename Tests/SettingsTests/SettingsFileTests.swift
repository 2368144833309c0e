import Decisions
import SeededRandom
import SystemPackage
import TestSupport
import Testing

@testable import Host
@testable import Settings

struct SettingsFileTests {
    @Test(
        "A value is read as it stands, without expansion",
        arguments: [
            ("K=v", "v"), ("K=", ""), ("  K =  v  ", "v"), ("K='a b'", "a b"), ("K=\"a b\"", "a b"), ("K=a b", "a b"),
            ("K=v # comment", "v"), ("K=v#no", "v#no"), ("K='v # no'", "v # no"), ("K='v' # comment", "v"),
            ("K= # comment", ""), ("K=\t#c", ""), ("K=#s3cret", "#s3cret"), ("K=#s3cret # comment", "#s3cret"),
            ("K=a\u{A0}#b", "a\u{A0}#b"), ("K=\u{301}x", "\u{301}x"), ("K=a\u{2028}b", "a\u{2028}b"),
            ("\u{FEFF}K=v", "v"), ("K='a'\t# c", "a"), ("K=\"a\\\\\"", "a\\\\"), ("K=it's", "it's"),
            ("K=a=b", "a=b"), ("K=$HOME `id` $(id)", "$HOME `id` $(id)"), ("K=\"it's\"", "it's"), ("K='\\n'", "\\n"),
            ("K=v\r", "v"), ("K=ñ", "ñ"), ("K=''", ""),
        ])
    func value(_ text: String, _ value: String) {
        let file = SettingsFile(text: text)
        #expect(file.problems == [])
        #expect(file.lines.map(\.value) == [value])
    }

    @Test func `blank lines and comments are passed over, and lines keep their numbers`() {
        let file = SettingsFile(text: "\n# A=1\n   \n  # B=2\nC=3\n\nD=4")
        #expect(file.lines.map(\.key) == ["C", "D"])
        #expect(file.lines.map(\.number) == [5, 7])
        #expect(file.problems == [])
    }

    @Test(
        "What can't be read is a problem with its line",
        arguments: [
            ("novalue", 1), ("A=1\nB=2\nA=3", 3), ("=1", 1), ("A B=1", 1), ("1A=1", 1), ("K='open", 1),
            ("K=\"open'", 1),
            ("K='a' b", 1), ("export K=1", 1), ("\nK=a\u{1}b", 2), ("K=a\u{0}b", 1), ("K='a'#b", 1),
            ("K=\"a\\\"b\"", 1), ("A=1\rB=2", 1), ("K=\"a\nb\nc\"\nD=1", 1), ("\nA.B=1", 2), ("A=1\n\u{FEFF}B=1", 2),
        ])
    func problems(_ text: String, _ line: Int) {
        #expect(SettingsFile(text: text).problems.map(\.line) == [line])
    }

    @Test(
        "Nothing of a line that can't be read is quoted: it may be half of a secret",
        arguments: [
            "DB_PASSWORD canary", "canary", "\u{1B}canary", "K='a' canary", "K='a'canary", "K=\"canary", "canary/8=1",
            "DB PASSWORD canary=1", "K=canary\u{1}",
        ])
    func quotesNothing(_ text: String) throws {
        let problem = try #require(SettingsFile(text: text).problems.first)
        #expect(!"\(problem)".contains("canary"))
    }

    @Test func `each fault has words of its own, and says what to write`() {
        let faults = [
            "novalue", "=1", "A B=1", "1A=1", "A.B=1", "export K=1", "K='open", "K='a' b", "K=\"a\\\"b\"", "K=\"a\nb\"",
            "K=a\u{1}b", "K=a\u{0}b", "A=1\rB=2", "A=1\nA=2",
        ]
        let problems = faults.compactMap { SettingsFile(text: $0).problems.first }
        #expect(problems.count == faults.count)
        #expect(Set(problems.map(\.found)).count == faults.count)
        #expect(problems.allSatisfy { !$0.allowed.english.isEmpty && $0.found.spanish != $0.found.english })
    }

    @Test(
        "Another encoding is named, not guessed at",
        arguments: [
            ([0xFF, 0xFE, 0x41, 0, 0x3D, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x41], "UTF-16"),
            ([0x41, 0, 0x3D, 0], "UTF-16"),
            ([0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0], "UTF-32"), ([0x41, 0x3D, 0xE9], "0xE9"),
            ([0x41, 0x3D, 0xC3, 0xA9, 0xFC, 0x78], "0xFC"), ([0x41, 0x3D, 0xC3], "0xC3"),
        ] as [([UInt8], String)])
    func encoding(_ bytes: [UInt8], _ name: String) throws {
        let problems = SettingsFile(bytes: bytes).problems
        #expect(
            problems.count == 1 && problems[0].found.english.contains(name)
                && problems[0].allowed.english.contains("iconv"),
            "\(problems)")
    }

    @Test func `a value of several lines is one fault, unless the quote was forgotten`() {
        let pem = "A=\"-----BEGIN KEY-----\nMIIEv+/x\nab==\n-----END KEY-----\"\nB=1\nC='x\nD=it's"
        let file = SettingsFile(text: pem, dialect: .environment)
        #expect(file.problems.map(\.line) == [1, 6])
        #expect(file.problems.first?.found.english == "a value of several lines (to line 4)")
        #expect(file.lines.map(\.key) == ["B", "D"])
    }

    @Test(
        "A backend's variable may have any name that Docker takes",
        arguments: [
            ("spring.datasource.url=x", "spring.datasource.url"), ("my-key=x", "my-key"), ("a[0]=x", "a[0]"),
            ("1A=x", "1A"),
            ("A:B=x", "A:B"), ("ñ=x", "ñ"), ("export A=x", "A"), ("export=x", "export"), ("A =x", "A"),
        ])
    func names(_ text: String, _ name: String) {
        let file = SettingsFile(text: text, dialect: .environment)
        #expect(file.problems == [])
        #expect(file.lines == [.init(number: 1, key: name, value: "x")])
    }

    @Test func `a variable longer than execve takes is refused before a backend is started`() {
        let longest = "A=" + String(repeating: "x", count: SettingsFault.longestVariable - 3)
        #expect(SettingsFile(text: longest, dialect: .environment).problems == [])
        #expect(SettingsFile(text: longest + "x", dialect: .environment).problems.count == 1)
    }

    @Test func `what a shell would fill in is known, and a dollar in a password is none`() {
        let file = SettingsFile(text: "A=${HOME}/x\nB='${HOME}'\nC=pa$$w{o}rd$1\nD=\"${X:-y}\"", dialect: .environment)
        #expect(file.unexpanded.map(\.key) == ["A", "D"])
    }

    /// sh(1) says what a value is where docs/configuration.md says that we agree with it: no `$`, no backslash, no white
    /// space outside quotes, no quote inside a word.
    @Test func `sh reads the same values where the table says so`() async throws {
        var random = SplitMix64(seed: 10)
        let plain = Array("ab#=1-/:.,@%+ñ")
        func word(_ letters: [Character]) -> String {
            String(
                (0..<Int.random(in: 0...6, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
        }
        let lines = (0..<200).map { number in
            let quoted = word(plain + [" ", "\t"])
            let value = [word(plain), "'\(quoted)'", "\"\(quoted)\""].randomElement(using: &random) ?? ""
            let comment = ["", "", " # c", "\t#c", " #"].randomElement(using: &random) ?? ""
            return ["", "export "].randomElement(using: &random).map { "\($0)K\(number)=\(value)\(comment)" } ?? ""
        }
        let text = lines.joined(separator: "\n")
        let script = text + "\n" + lines.indices.map { "printf '%s\\0' \"$K\($0)\"" }.joined(separator: "\n")
        try await withTemporaryFolder { folder in
            let file = folder.appending("script")
            try DurableFile.replace(file, with: Array(script.utf8))
            let shell = try RunningProcess("/bin/sh", arguments: [file.string], workingDirectory: "/")
            defer { shell.end() }
            let output = try await shell.output(within: .seconds(20))
            let read = SettingsFile(text: text, dialect: .environment)
            #expect(read.problems == [] && output.stderr.isEmpty)
            #expect(
                read.lines.map(\.value) + [""]
                    == output.stdout.split(separator: "\0", omittingEmptySubsequences: false).map(String.init))
        }
    }

    @Test func `ten megabytes are read in a second`() {
        let text = String(repeating: "# comment\nKEY_THAT_IS_LONG=value\n", count: 320_000)
        let time = ContinuousClock().measure { #expect(!SettingsFile(text: text).problems.isEmpty) }
        #expect(time < .seconds(20))
    }
}
