import Testing

@testable import Decisions

struct NGINXStatementsTests {
    @Test(
        "The statements of a file are read as NGINX reads them",
        arguments: [
            ("", []), ("# upstream a { }\n", []), ("  \n\t\r\n", []),
            ("upstream a { server 127.0.0.1:1; }", [["upstream", "a"]]),
            ("upstream a{server b;}", [["upstream", "a"]]),
            ("server { location / { return 200 '}'; } } # }\nupstream a { }", [["server"], ["upstream", "a"]]),
            ("map $a $b { default \"};\"; }", [["map", "$a", "$b"]]),
            ("upstream 'a b' { }", [["upstream", "a b"]]), (#"log_format x "a\"b;";"#, [["log_format", "x", "a\"b;"]]),
            ("set ${a} b#c;", [["set", "${a}", "b#c"]]), (#"geo a\;b { }"#, [["geo", "a;b"]]),
        ])
    func statements(_ text: String, _ words: [[String]]) {
        let statements = NGINXStatements(Array(text.utf8))
        #expect(statements.top.map(\.words) == words)
        #expect(statements.fault == nil)
    }

    @Test(
        "A file that NGINX can't load is named as such",
        arguments: [
            "upstream a {", "}", "upstream a { server b }", "a 'b", "upstream a { server b; } c", "upstream a { } }",
        ])
    func fault(_ text: String) {
        #expect(NGINXStatements(Array(text.utf8)).fault != nil)
    }

    @Test func `A block's own statements are known, those of blocks in it are not`() {
        let statements = NGINXStatements(
            Array("server { server_name a.b c; location / { return 200; } listen 80; }".utf8))
        #expect(
            statements.top.first?.block.map(\.words) == [
                ["server_name", "a.b", "c"], ["location", "/"], ["listen", "80"],
            ])
    }

    @Test func `Deeply nested and large files cost no more than their length`() {
        let deep = [UInt8](repeating: UInt8(ascii: "{"), count: 1 << 20)
        #expect(NGINXStatements(deep).fault != nil)
    }
}
