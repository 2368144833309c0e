import Testing

@testable import Decisions

struct UpstreamConfigurationTests {
    @Test func `the same set gives the same bytes, in whatever order it is found`() throws {
        let one = try #require(upstream(["127.0.0.1:3001", "127.0.0.1:3000"]))
        let other = try #require(upstream(["127.0.0.1:3000", "127.0.0.1:3001", "127.0.0.1:3000"]))
        #expect(one.text == other.text)
        #expect(one.generation == other.generation)
    }

    @Test func `another set, or another setting, is another generation`() throws {
        let one = try #require(upstream(["127.0.0.1:3000"]))
        #expect(upstream(["127.0.0.1:3001"])?.generation != one.generation)
        #expect(upstream(["127.0.0.1:3000"], method: .ipHash)?.generation != one.generation)
    }

    @Test func `an empty set is no upstream`() {
        #expect(upstream([]) == nil)
    }

    @Test func `the digest is FNV-1a`() {
        #expect(UpstreamConfiguration.digest(of: "") == "cbf29ce484222325")
        #expect(UpstreamConfiguration.digest(of: "a") == "af63dc4c8601ec8c")
        #expect(UpstreamConfiguration.digest(of: "foobar") == "85944171f73967e8")
    }

    @Test func `no parameter reaches NGINX's limit of 4096 bytes, whatever the number of servers`() throws {
        let addresses = (1...1000).map { "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:\(String($0, radix: 16))]:65535" }
        let text = try #require(upstream(addresses)).text
        #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count < 4000 })
    }

    @Test(
        "Values that could close a block are no values",
        arguments: [
            "", "a b", "a;b", "a{", "a}", "a'", "a\"", "a$b", "a\\", "a\n", "é", String(repeating: "a", count: 65),
        ])
    func names(_ text: String) {
        #expect(UpstreamConfiguration.Name(text) == nil)
    }

    @Test(
        "The methods are read and written back",
        arguments: [
            "least_conn", "round_robin", "ip_hash", "random", "hash $request_uri", "hash $host$request_uri consistent",
        ])
    func methods(_ text: String) {
        #expect(BalancingMethod(text)?.description == text)
    }

    @Test(
        "Anything else is no method",
        arguments: [
            "", "leastconn", "hash", "hash request_uri", "hash $", "hash $a consistent x", "hash $a$", "hash $A",
            "hash ${a}", "hash $a; } server {", "hash $a always", "least_conn;",
        ])
    func notMethods(_ text: String) {
        #expect(BalancingMethod(text) == nil)
    }

    private func upstream(_ servers: [String], method: BalancingMethod = .leastConnections) -> UpstreamConfiguration? {
        guard let name = UpstreamConfiguration.Name("app_backend"), let service = UpstreamConfiguration.Name("app"),
            let listen = ServerAddress("127.0.0.1:8080")
        else { return nil }
        return UpstreamConfiguration(
            name: name, servers: servers.compactMap { ServerAddress($0) }, method: method, keepalive: 32, maxFails: 3,
            failTimeout: 30, status: .init(listen: listen, service: service))
    }
}
