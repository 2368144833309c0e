import Testing

@testable import AutoscaleCore

struct SettingsFileTests {
    @Test(
        "A value is read as it stands, without expansion",
        arguments: [
            ("K=v", "v"), ("K=", ""), ("  K =  v  ", "v"), ("K='a b'", "a b"), ("K=\"a b\"", "a b"), ("K=a b", "a b"),
            ("K=v # comment", "v"), ("K=v#no", "v#no"), ("K='v # no'", "v # no"), ("K='v' # comment", "v"),
            ("K=# comment", ""),
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
            ("K='a' b", 1), ("export K=1", 1), ("\nK=a\u{1}b", 2), ("K=a\u{0}b", 1),
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

    @Test func `ten megabytes are read in a second`() {
        let text = String(repeating: "# comment\nKEY_THAT_IS_LONG=value\n", count: 320_000)
        let time = ContinuousClock().measure { #expect(!SettingsFile(text: text).problems.isEmpty) }
        #expect(time < .seconds(20))
    }
}
