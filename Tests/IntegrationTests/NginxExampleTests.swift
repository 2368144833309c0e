import Connections
import Decisions
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// `config/nginx/` as shipped, in front of real sockets.
@Suite struct NginxExampleTests {
    @Test func `The example starts with the starter upstream, before the first run`() async throws {
        try await withCannedServer(reply: { _ in CannedServer.answer(body: "hello") }) { backend in
            let starter = try shipped("config/nginx/upstream.conf")
            let server = "server 127.0.0.1:3000;"
            #expect(starter.contains(server))
            let text = starter.replacing(server, with: "server 127.0.0.1:\(try backend.port);")
            try await withExample(upstream: { _ in text }) { nginx in
                try #expect(ask(nginx).text == "hello")
            }
        }
    }

    @Test func `A backend sees who asks, and no Connection header from an ordinary request`() async throws {
        try await withCannedServer(reply: { _ in CannedServer.answer() }) { backend in
            try await withExample(servers: [try backend.port]) { nginx in
                let headers = [HTTPHeader("X-Forwarded-For", "192.0.2.7"), HTTPHeader("Host", "chat.example.org")]
                try #expect(ask(nginx, "/rooms?page=2", headers: headers).status == 200)
                let request = try #require(backend.requests.first)
                let lines = request.split(separator: "\r\n").map(String.init)
                #expect(lines.first == "GET /rooms?page=2 HTTP/1.1")
                for line in [
                    "Host: chat.example.org", "X-Real-IP: 127.0.0.1", "X-Forwarded-For: 192.0.2.7, 127.0.0.1",
                    "X-Forwarded-Proto: http", "X-Forwarded-Host: chat.example.org",
                ] {
                    #expect(lines.contains(line), "\(line) in \(request)")
                }
                #expect(!lines.contains { $0.hasPrefix("Connection:") || $0.hasPrefix("Upgrade:") }, "\(request)")
            }
        }
    }

    @Test func `A request that two backends fail is answered by the third`() async throws {
        try await withCannedServer(reply: { _ in CannedServer.answer(status: 503) }) { unable in
            try await withCannedServer(reply: { _ in .hangUp }) { dying in
                try await withCannedServer(reply: { _ in CannedServer.answer(body: "good") }) { good in
                    let ports = try [unable.port, dying.port, good.port]
                    try await withExample(servers: ports, maxFails: 0) { nginx in
                        for _ in 1...6 { try #expect(ask(nginx).text == "good") }
                    }
                    #expect(!unable.requests.isEmpty && !dying.requests.isEmpty)
                }
            }
        }
    }

    @Test func `The third failure is the last: no fourth backend is asked`() async throws {
        try await withCannedServer(reply: { _ in CannedServer.answer(status: 503) }) { unable in
            let sockets = try (0..<3).map { _ in try LoopbackSocket() }  // bound, not listening: refused
            let servers = try [unable.port] + sockets.map(\.port)
            try await withExample(servers: servers, maxFails: 0) { nginx in
                try #expect([502, 503].contains(ask(nginx).status))
                // NGINX writes the line when the answer is through.
                try await eventually("the log names the three") {
                    let log = try String(contentsOfFile: nginx.folder.appending("access.log").string, encoding: .utf8)
                    let tried = log.firstMatch(of: /upstream=(.*) status=/)?.1
                    return tried?.split(separator: ", ").count == 3
                }
            }
        }
    }

    @Test func `A POST that a backend has seen is not sent to another one`() async throws {
        try await withCannedServer(reply: { _ in CannedServer.answer(status: 503) }) { one in
            try await withCannedServer(reply: { _ in CannedServer.answer(status: 503) }) { other in
                try await withExample(servers: [try one.port, try other.port], maxFails: 0) { nginx in
                    for _ in 1...4 { try #expect(ask(nginx, method: .post).status == 503) }
                }
                #expect(one.requests.count + other.requests.count == 4)
            }
        }
    }

    @Test func `The health path goes through the proxy, and leaves no line in the log`() async throws {
        try await withCannedServer(reply: { request in
            CannedServer.answer(status: request.hasPrefix("GET /health ") ? 204 : 500)
        }) { backend in
            try await withExample(servers: [try backend.port]) { nginx in
                try #expect(ask(nginx, "/health").status == 204)
                let log = try String(contentsOfFile: nginx.folder.appending("access.log").string, encoding: .utf8)
                #expect(log.isEmpty)
            }
        }
    }

    @Test(arguments: ["/ws", "/anything"])
    func `A WebSocket handshake passes, and what follows it`(path: String) async throws {
        let switched = [
            "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "", "the first frame",
        ].joined(separator: "\r\n")
        try await withCannedServer(reply: { _ in .bytes(switched) }) { backend in
            try await withExample(servers: [try backend.port]) { nginx in
                let request = [
                    "GET \(path) HTTP/1.1", "Host: chat.example.org", "Upgrade: websocket", "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", "",
                ].joined(separator: "\r\n")
                let answer = try TestSocket.connected(port: nginx.port).exchange(request)
                #expect(answer.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"), "\(answer)")
                #expect(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
                #expect(answer.hasSuffix("\r\n\r\nthe first frame"))
                let lines = try #require(backend.requests.first).split(separator: "\r\n")
                #expect(lines.contains("Connection: upgrade") && lines.contains("Upgrade: websocket"))
            }
        }
    }

    // MARK: Support

    private func shipped(_ path: String) throws -> String {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        return try String(contentsOfFile: root.appending(path).string, encoding: .utf8)
    }

    private func ask(
        _ nginx: PrivateNginx, _ path: String = "/", method: HTTPRequest.Method = .get, headers: [HTTPHeader] = []
    ) throws -> HTTPResponse {
        try CurlClient().send(
            HTTPRequest(method, "http://127.0.0.1:\(nginx.port)\(path)", headers: headers, timeout: .seconds(20)))
    }

    /// Runs the body with the example in front of these ports, by a file as the tool generates it.
    private func withExample(
        servers: [UInt16], maxFails: Int = 3, isolation: isolated (any Actor)? = #isolation,
        _ body: (PrivateNginx) async throws -> Void
    ) async throws {
        try await withExample(
            upstream: { nginx in
                let name = try #require(UpstreamConfiguration.Name("app_backend"))
                let service = try #require(UpstreamConfiguration.Name("app"))
                let listen = try #require(ServerAddress.loopback(port: nginx.statusPort))
                return try #require(
                    UpstreamConfiguration(
                        name: name, servers: servers.compactMap { .loopback(port: $0) }, method: .leastConnections,
                        keepalive: 32, maxFails: maxFails, failTimeout: 30,
                        status: .init(listen: listen, service: service))
                ).text
            }, body)
    }

    /// Runs the body with the example and this upstream file, on a free port, with its files in a folder of its own.
    private func withExample(
        upstream: (PrivateNginx) throws -> String, isolation: isolated (any Actor)? = #isolation,
        _ body: (PrivateNginx) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await withPrivateNginx(folder: folder) { nginx in
                try await nginx.stop()
                try example(for: nginx).write(toFile: nginx.configuration.string, atomically: true, encoding: .utf8)
                try upstream(nginx).write(toFile: nginx.upstreamFile.string, atomically: true, encoding: .utf8)
                let test = try await ChildProcess.run(CommandWords(nginx.testCommand), timeout: .seconds(10))
                #expect(test.termination.isSuccess, "\(test.lastWords())")
                try await nginx.start()
                try await body(nginx)
            }
        }
    }

    /// The shipped file with other places and ports; what is replaced has to be there, once.
    private func example(for nginx: PrivateNginx) throws -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\n    \($0)_temp_path \(nginx.folder)/\($0);"
        }
        let changes = [
            "user www-data;": geteuid() == 0 ? "user root;" : "",
            "pid /run/nginx.pid;": "pid \(nginx.pidFile);",
            "error_log /var/log/nginx/error.log;": "error_log \(nginx.errorLog);",
            "access_log /var/log/nginx/access.log upstream;": "access_log \(nginx.folder)/access.log upstream;",
            "include /opt/autoscale/nginx/*.conf;": "include \(nginx.folder)/nginx/*.conf;",
            "listen 80 default_server;": "listen 127.0.0.1:\(nginx.port) default_server;",
            "listen [::]:80 default_server;": "",
            "http {": "http {\(temporary.joined())",
        ]
        var text = try shipped("config/nginx/nginx.conf")
        for (old, new) in changes {
            #expect(text.ranges(of: old).count == 1, "\(old)")
            text = text.replacing(old, with: new)
        }
        return text
    }
}
