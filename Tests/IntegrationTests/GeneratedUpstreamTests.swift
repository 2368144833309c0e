import Decisions
import Fleet
import Foundation
import Host
import Settings
import SystemPackage
import TestSupport
import Testing

/// Real NGINX reads what is generated.
@Suite struct GeneratedUpstreamTests {
    private static let methods = [
        "least_conn", "round_robin", "ip_hash", "random", "hash $remote_addr", "hash $host$request_uri consistent",
    ]

    @Test func `NGINX takes every method, with 1, 100 and 500 servers, IPv4 and IPv6, with and without keepalive`()
        async throws
    {
        try await withTemporaryFolder { folder in
            try await withPrivateNginx(folder: folder) { nginx in
                for method in Self.methods {
                    for addresses in Self.fleets {
                        for keepalive in [0, 32] {
                            let wanted = try upstream(nginx, method, addresses, keepalive: keepalive)
                            try wanted.text.write(
                                toFile: nginx.upstreamFile.string, atomically: true, encoding: .utf8)
                            let test = try await ChildProcess.run(
                                CommandWords(nginx.testCommand), timeout: .seconds(10))
                            #expect(
                                test.termination.isSuccess,
                                "\(method), \(addresses.count) servers: \(test.lastWords())")
                        }
                    }
                }
            }
        }
    }

    @Test func `NGINX says itself which 500 servers of IPv4 and IPv6 it serves`() async throws {
        try await withTemporaryFolder { folder in
            try await withPrivateNginx(folder: folder) { nginx in
                let addresses = (1...250).flatMap { ["10.0.0.\($0):65535", "[fd00::\($0)]:65535"] }
                let wanted = try upstream(nginx, "least_conn", addresses, keepalive: 32)
                try wanted.text.write(toFile: nginx.upstreamFile.string, atomically: true, encoding: .utf8)
                let reload = try await ChildProcess.run(CommandWords(nginx.reloadCommand), timeout: .seconds(10))
                #expect(reload.termination.isSuccess, "\(reload.lastWords())")
                let settings = "SERVICE=app\nNGINX_STATUS_LISTEN=127.0.0.1:\(nginx.statusPort)\n"
                let configuration = try Configuration(text: settings, path: "t", base: "/", environment: [:])
                let status = UpstreamStatus(try #require(configuration.loadBalancer))
                try await eventually("NGINX serves it") {
                    guard case .live(let live) = status.ask(within: .seconds(5)) else { return false }
                    return live.generation == wanted.generation && live.servers == Set(wanted.servers)
                }
            }
        }
    }

    private static let fleets: [[String]] = [
        ["127.0.0.1:3000"],
        ["[::1]:3000", "127.0.0.1:3000"],
        (0..<100).map { "127.0.0.1:\(3000 + $0)" },
        (0..<500).map { "[fd00:1234:5678:9abc:def0:1234:5678:\(String($0 + 4096, radix: 16))]:65535" },
    ]

    private func upstream(
        _ nginx: PrivateNginx, _ method: String, _ servers: [String], keepalive: Int
    ) throws -> UpstreamConfiguration {
        let service = try #require(UpstreamConfiguration.Name("app"))
        let name = try #require(UpstreamConfiguration.Name(nginx.upstreamName))
        let listen = try #require(ServerAddress.loopback(port: nginx.statusPort))
        let method = try #require(BalancingMethod(method))
        return try #require(
            UpstreamConfiguration(
                name: name, servers: servers.compactMap { ServerAddress($0) },
                method: method, keepalive: keepalive, maxFails: 3, failTimeout: 30,
                status: .init(listen: listen, service: service)))
    }
}
