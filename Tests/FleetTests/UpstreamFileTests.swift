import Testing

@testable import Fleet

struct UpstreamFileTests {
    @Test(
        "The servers of a file that somebody else wrote are found",
        arguments: [
            ("upstream a { server 127.0.0.1:3000; server api-2:8080 max_fails=3; }", ["127.0.0.1:3000", "api-2:8080"]),
            ("upstream a {\n\tserver unix:/run/a.sock;\n}\n", ["unix:/run/a.sock"]), ("# server x;\n", []),
            ("server { listen 80; server_name a; }", []), ("", []),
        ])
    func servers(_ text: String, _ servers: [String]) {
        #expect(UpstreamFile.servers(in: Array(text.utf8)) == servers)
    }
}
