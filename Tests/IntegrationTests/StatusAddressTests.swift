import Connections
import Decisions
import Fleet
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Whose the status address and the upstream file are, and what a run does where they are somebody else's.
@Suite(.sharedDatabase)
struct StatusAddressTests {
    /// What may listen on the status address before the first run: lines of nginx.conf, `STATUS` stands for the address.
    static let occupants = [
        "server { listen PORT; server_name shop.example; location / { return 200 'the shop'; } }",
        "server { listen 0.0.0.0:PORT; return 404; }", "server { listen STATUS; return 301 https://shop.example/; }",
        "server { listen STATUS; default_type application/json; return 200 '{\"generation\":7,\"servers\":[]}'; }",
        "server { listen STATUS http2; return 200; }", "server { listen STATUS proxy_protocol; return 200; }",
        "server { listen STATUS ssl; ssl_reject_handshake on; }",
    ]

    @Test(arguments: occupants)
    func `what answers on the status address before the first run keeps it, and the run says so`(
        occupant: String
    ) async throws {
        try await withPrivateService { service in
            let port = service.nginx.statusPort
            let lines = occupant.replacing("STATUS", with: "127.0.0.1:\(port)").replacing("PORT", with: "\(port)")
            try service.nginx.addToHTTP(lines)
            try await service.nginx.restart()
            let before = FolderSnapshot(of: service.nginx.upstreamFile)
            let answer = service.raw(port)
            for arguments in [["monitor"], ["monitor", "--dry-run"], ["config", "check"]] {
                let run = try await service.run(arguments)
                #expect(run.status == 78, "\(arguments): \(run)")
                #expect("\(run)".contains("Set NGINX_STATUS_LISTEN to an address"), "\(run)")
            }
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == before)
            #expect(try service.backends().isEmpty)
            #expect(service.raw(port) == answer)
            let free = try freePort()
            try service.configure(["NGINX_STATUS_LISTEN": "127.0.0.1:\(free)"])
            let repaired = try await service.monitor()
            #expect(repaired.status == 0, "\(repaired)")
            #expect(service.raw(port) == answer, "the site is where it was")
        }
    }

    @Test func `a program that speaks first, and one that is not NGINX, keep the address, too`() async throws {
        try await withCannedServer(reply: { _ in .bytes("SSH-2.0-OpenSSH_9.2\r\n") }) { other in
            try await withPrivateService(["NGINX_STATUS_LISTEN": "127.0.0.1:\(try other.port)"]) { service in
                let run = try await service.monitor()
                #expect(run.status == 78 && run.stdout.contains("not in plain HTTP (SSH-2.0"), "\(run)")
                #expect(!run.stdout.contains("nginx is not running"))
            }
        }
    }

    /// A connection that is accepted and closed says what a refused one says.
    @Test func `an address that closes connections without an answer is one where nothing is loaded yet`() async throws
    {
        try await withCannedServer(reply: { _ in .hangUp }) { proxy in
            let url = "http://127.0.0.1:\(try proxy.port)"
            try await withPrivateService(["NGINX_STATUS_URL": url]) { service in
                let run = try await service.monitor()
                #expect(run.status == 1, "\(run)")
                #expect(run.stdout.contains("the connection is closed without an answer"), "\(run)")
                try await service.nginx.stop()
                let down = try await service.monitor()
                #expect(down.status == 69 && down.stdout.contains("nginx is not running"), "\(down)")
            }
        }
    }

    // MARK: The file

    private static let foreignFiles = [
        "upstream app_backend { server 127.0.0.1:9; }\nserver { listen 127.0.0.1:STATUS; return 200; }",
        "server { listen 127.0.0.1:STATUS; return 200; }\nupstream app_backend { server 127.0.0.1:9; }",
        "upstream app_backend { server 127.0.0.1:9; }\nupstream other { server 127.0.0.1:9; }",
        "upstream app_backend { server 127.0.0.1:9; }\nmap $uri $x { default 'upstream app_backend { '; }",
        "upstream app_backend { server 127.0.0.1:9; }\ninclude /dev/null;", "upstream other { server 127.0.0.1:9; }",
        "upstream app_backend { server 127.0.0.1:9;",
    ]

    @Test func `an upstream file that holds more than our upstream is not replaced`() async throws {
        try await withPrivateService { service in
            for text in Self.foreignFiles {
                try service.writeUpstream(text)
                let before = FolderSnapshot(of: service.nginx.upstreamFile)
                for arguments in [["monitor"], ["monitor", "--dry-run"], ["config", "check"]] {
                    let run = try await service.run(arguments)
                    #expect(run.status == 78, "\(text): \(run)")
                    #expect("\(run)".contains("holds more than the upstream app_backend (found: "), "\(run)")
                }
                #expect(FolderSnapshot(of: service.nginx.upstreamFile) == before)
                #expect(try service.backends().isEmpty)
            }
        }
    }

    @Test func `plain upstreams of our name, files without a statement and generated ones are replaced`() async throws {
        let example = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .appending("config/nginx/upstream.conf")
        let plain = [
            try String(contentsOfFile: example.string, encoding: .utf8), "# nothing yet; upstream x { }\n", "",
            "upstream app_backend{ # ours }\n\tleast_conn;server unix:/run/a.sock weight=2;}",
            "upstream \"app_backend\" {\r\n  server 127.0.0.1:9;\r\n  keepalive 3;\r\n}\r\n",
        ]
        try await withPrivateService { service in
            for text in plain {
                try service.writeUpstream(text)
                let run = try await service.monitor()
                #expect(run.status == 0, "\(text): \(run)")
            }
            let ours = try String(contentsOfFile: service.nginx.upstreamFile.string, encoding: .utf8)
            for text in [ours.replacing("upstream app_backend", with: "upstream app_old"), String(ours.prefix(200))] {
                try service.writeUpstream(text)
                let run = try await service.monitor()
                #expect(run.status == 0, "\(text): \(run)")
            }
            let added = ours + "server { listen 127.0.0.1:\(try freePort()); server_name shop.example; }\n"
            try service.writeUpstream(added)
            let run = try await service.monitor()
            #expect(run.status == 78 && run.stdout.contains("found: server server_name shop.example"), "\(run)")
            #expect(try String(contentsOfFile: service.nginx.upstreamFile.string, encoding: .utf8) == added)
        }
    }

    // MARK: The answer

    @Test func `another service's answer on a shared status address is told from ours`() async throws {
        try await withPrivateService { first in
            #expect(try await first.monitor().status == 0)
            try await withPrivateService { second in
                // Beside the first one's NGINX, whose http block does not include this file.
                let settings = [
                    "NGINX_STATUS_LISTEN": "127.0.0.1:\(first.nginx.statusPort)",
                    "NGINX_TEST_COMMAND": first.nginx.testCommand, "NGINX_RELOAD_COMMAND": first.nginx.reloadCommand,
                ]
                try second.configure(settings)
                let served = try #require(try first.served()?.first)
                let run = try await second.monitor()
                #expect(run.status == 1, "\(run)")
                #expect(run.stdout.contains("the upstream file of the service \(first.name)"), "\(run)")
                let status = try await second.run(["status"])
                #expect(status.stdout.contains("the upstream file of the service \(first.name)"), "\(status)")
                let check = try await BuiltBinary("healthcheck").run(
                    arguments: ["--config", second.configuration.string, "--check", "upstream"])
                #expect(check.status == 2 && check.stdout.contains(first.name), "\(check)")
                #expect(!check.stdout.contains("\(served)"), "\(check)")
                #expect(try first.served() == [served])
                // Included, both are found on one address.
                try first.nginx.addToHTTP("include \(second.nginx.folder)/nginx/*.conf;".replacing("/*", with: "/up*"))
                try second.configure(settings.merging(["NGINX_UPSTREAM_NAME": "second"]) { $1 })
                try FileManager.default.removeItem(atPath: second.nginx.upstreamFile.string)
                let together = try await second.monitor()
                #expect(together.status == 0, "\(together)")
                #expect(try first.served() == [served])
                #expect(try await first.monitor().stdout.hasSuffix("State: NORMAL\n"))
            }
        }
    }

    @Test func `a file of a version that did not name its service is understood, and replaced`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            let ours = try String(contentsOfFile: service.nginx.upstreamFile.string, encoding: .utf8)
            let old = ours.replacing("\"service\":\"\(service.name)\",", with: "").replacing(
                try #/generation (\S+)/#.firstMatch(in: ours)?.1 ?? "", with: "0123456789abcdef")
            try service.writeUpstream(old)
            let state = service.stateFile.removingLastComponent()
            try old.write(toFile: "\(state)/upstream.conf.last-good", atomically: true, encoding: .utf8)
            try await service.nginx.restart()
            let check = try await BuiltBinary("healthcheck").run(
                arguments: ["--config", service.configuration.string, "--check", "upstream"])
            #expect(check.status == 0, "\(check)")
            let run = try await service.monitor()
            #expect(run.status == 0 && run.stdout.contains("NGINX confirms"), "\(run)")
            #expect(try service.served()?.count == 2)
        }
    }
}

extension PrivateService {
    fileprivate func writeUpstream(_ text: String) throws {
        try text.replacing("STATUS", with: "\(nginx.statusPort)").write(
            toFile: nginx.upstreamFile.string, atomically: true, encoding: .utf8)
    }

    /// The first line of what a port answers to a plain request with no name that is known there.
    fileprivate func raw(_ port: UInt16) -> String {
        let request = HTTPRequest(
            .get, "http://127.0.0.1:\(port)/", headers: [HTTPHeader("Host", "shop.example")], timeout: .seconds(5))
        do throws(HTTPFailure) {
            let answer = try CurlClient().send(request)
            return "\(answer.status) \(answer.text)"
        } catch {
            return "\(error)"
        }
    }
}

extension PrivateNginx {
    fileprivate func addToHTTP(_ text: String) throws {
        let lines = try String(contentsOfFile: configuration.string, encoding: .utf8)
        try lines.replacing("http {\n", with: "http {\n\(text)\n").write(
            toFile: configuration.string, atomically: true, encoding: .utf8)
    }

    fileprivate func restart() async throws {
        try await stop()
        try await start()
    }
}
