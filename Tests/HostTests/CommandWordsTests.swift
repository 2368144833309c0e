import Testing

@testable import Host

@Suite struct CommandWordsTests {
    @Test(
        "A command is split like a shell splits it",
        arguments: [
            ("nginx -t", ["nginx", "-t"]),
            ("  nginx\t-s   reload \n", ["nginx", "-s", "reload"]),
            ("docker exec chat_nginx nginx -t", ["docker", "exec", "chat_nginx", "nginx", "-t"]),
            ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
            ("a'b'\"c\"d", ["abcd"]),
            ("a '' \"\"", ["a", "", ""]),
            (#"a b\ c \' \\ \a"#, ["a", "b c", "'", #"\"#, "a"]),
            (#"a '\n "x"'"#, ["a", #"\n "x""#]),
            (#"a "\$HOME \` \" \\ \n '""#, ["a", #"$HOME ` " \ \n '"#]),
            ("a b\\\nc \"d\\\ne\"", ["a", "bc", "de"]),
            (
                "a $HOME *.c | b; c & d > e < f (g) `h` ~ #i {j,k} !l",
                ["a", "$HOME", "*.c", "|", "b;", "c", "&", "d"]
                    + [">", "e", "<", "f", "(g)", "`h`", "~", "#i", "{j,k}", "!l"]
            ),
            ("año 'ñ\u{301}'", ["año", "ñ\u{301}"]),
            ("a 'b'\u{301} '\u{301}c'", ["a", "b\u{301}", "\u{301}c"]),
        ])
    func splits(text: String, words: [String]) throws {
        let command = try CommandWords(text)
        #expect([command.program] + command.arguments == words)
    }

    @Test(
        "A command that can't be meant is refused",
        arguments: [
            ("", CommandWordsError.empty), (" \t\n", .empty), ("'' x", .empty), ("\\\n", .empty),
            ("a 'b", .unterminatedQuote("'")), ("a \"b'", .unterminatedQuote("\"")),
            (#"a "b\""#, .unterminatedQuote("\"")),
            (#"a b\"#, .trailingBackslash), ("a \0", .nulCharacter), ("a '\0'", .nulCharacter),
            ("a \\\0", .nulCharacter),
        ])
    func refuses(text: String, error: CommandWordsError) {
        #expect(throws: error) { try CommandWords(text) }
    }

    @Test func `What is printed splits into the same words`() throws {
        let pieces = ["a", "b c", "", "'", "\"", #"\"#, "$x", "\n", "ñ", "it's", "-t", "''", "\t#", "'\u{301}"]
        for first in pieces where !first.isEmpty {
            for second in pieces {
                for third in pieces {
                    let command = CommandWords(program: first, arguments: [second, third, first + second + third])
                    #expect(try CommandWords(command.description) == command)
                }
            }
        }
        #expect(try CommandWords("nginx  -p '/a b/' -t").description == "nginx -p '/a b/' -t")
    }
}
