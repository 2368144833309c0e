import Foundation
import Testing

@testable import Decisions

/// The generated file, byte for byte, as it was looked at and found right. A new text is written down by hand.
struct UpstreamGoldenTests {
    /// One file of `Golden/`, and what it shows.
    struct Example: Sendable, CustomTestStringConvertible {
        let file: String
        var method = BalancingMethod.leastConnections
        var servers = ["127.0.0.1:3001", "127.0.0.1:3000"]
        var keepalive = 32
        var listen = "127.0.0.1:8080"

        var testDescription: String { file }
    }

    private static let consistent = BalancingMethod("hash $host$request_uri consistent") ?? .ipHash

    static let examples = [
        Example(file: "least_conn.conf"),
        Example(file: "round_robin.conf", method: .roundRobin),
        Example(file: "ip_hash.conf", method: .ipHash),
        Example(file: "random.conf", method: .random),
        Example(file: "hash.conf", method: BalancingMethod("hash $remote_addr") ?? .ipHash),
        Example(file: "hash_consistent.conf", method: consistent),
        Example(file: "no_keepalive.conf", keepalive: 0),
        Example(file: "ipv6.conf", servers: ["[fd00::2]:3000", "[::1]:3000", "127.0.0.1:3000"], listen: "[::1]:8080"),
        Example(file: "fifty_one_servers.conf", servers: (3000...3050).map { "127.0.0.1:\($0)" }),
    ]

    @Test(arguments: examples)
    func `The text is that of the golden file`(example: Example) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let golden = try String(contentsOf: folder.appending(path: "Golden/\(example.file)"), encoding: .utf8)
        let name = try #require(UpstreamConfiguration.Name("app_backend"))
        let service = try #require(UpstreamConfiguration.Name("app"))
        let listen = try #require(ServerAddress(example.listen))
        let upstream = try #require(
            UpstreamConfiguration(
                name: name, servers: example.servers.compactMap { ServerAddress($0) }, method: example.method,
                keepalive: example.keepalive, maxFails: 3, failTimeout: 30,
                status: .init(listen: listen, service: service)))
        #expect(upstream.text == golden)
    }
}
