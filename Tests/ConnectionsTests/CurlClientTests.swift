import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Connections

struct CurlClientTests {
    private let client = CurlClient()

    private func get(
        _ server: CannedServer, _ path: String = "/", timeout: Duration = .seconds(5),
        body policy: HTTPRequest.BodyPolicy = .collect(upTo: 1000)
    ) throws -> HTTPRequest {
        HTTPRequest(.get, "http://127.0.0.1:\(try server.port)\(path)", timeout: timeout, bodyPolicy: policy)
    }

    @Test func `status, headers in any case, and body`() async throws {
        try await withCannedServer { _ in
            CannedServer.answer(status: 503, headers: ["X-Thing:  a: b ", "x-thing: second"], body: "bödy")
        } _: { server in
            let response = try client.send(try get(server, "/health?x=1"))
            #expect(response.status == 503)
            #expect(response.header("x-THING") == "a: b")
            #expect(response.header("absent") == nil)
            #expect(response.text == "bödy")
            let head = try #require(server.requests.first)
            #expect(head.hasPrefix("GET /health?x=1 HTTP/1.1\r\n"))
            #expect(head.contains("User-Agent: autoscale\r\n"))
            #expect(!head.contains("Expect:"))
        }
    }

    @Test func `post sends its body and headers, also an empty body`() async throws {
        try await withCannedServer { _ in
            CannedServer.answer()
        } _: { server in
            var request = HTTPRequest(.post, "http://127.0.0.1:\(try server.port)/", timeout: .seconds(5))
            request.headers = [HTTPHeader("Content-Type", "application/json")]
            _ = try client.send(request)
            request.body = Array("{}".utf8)
            _ = try client.send(request)
            request.method = .delete
            _ = try client.send(request)
            #expect(server.requests.map { $0.prefix(4) } == ["POST", "POST", "DELE"])
            #expect(server.requests[0].contains("Content-Length: 0\r\n"))
            #expect(server.requests[1].contains("Content-Length: 2\r\n"))
            #expect(server.requests[1].contains("Content-Type: application/json\r\n"))
        }
    }

    @Test func `an interim answer is not the answer`() async throws {
        try await withCannedServer { _ in
            .bytes("HTTP/1.1 103 Early\r\nX-A: 1\r\n\r\nHTTP/1.1 204 None\r\nX-B: 2\r\n\r\n")
        } _: { server in
            let response = try client.send(try get(server))
            #expect(response.status == 204)
            #expect(response.header("X-A") == nil)
            #expect(response.header("X-B") == "2")
        }
    }

    @Test func `redirects are answers, not ways to go`() async throws {
        try await withCannedServer { _ in
            CannedServer.answer(status: 302, headers: ["Location: http://127.0.0.1:1/"])
        } _: { server in
            let response = try client.send(try get(server))
            #expect(response.status == 302)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `proxies of the environment are not asked`() async throws {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        defer { unsetenv("http_proxy") }
        try await withCannedServer { _ in
            CannedServer.answer()
        } _: { server in
            let response = try client.send(try get(server))
            #expect(response.status == 200)
        }
    }

    @Test func `nobody listens: refused`() throws {
        let held = try TestSocket.holding()
        #expect(throws: HTTPFailure.refused) {
            try client.send(HTTPRequest(.get, "http://127.0.0.1:\(try held.port)/", timeout: .seconds(5)))
        }
    }

    @Test func `accepts and never answers: timed out, in time`() async throws {
        try await withCannedServer { _ in
            .silence
        } _: { server in
            let request = try get(server, timeout: .milliseconds(200))
            let time = ContinuousClock().measure {
                #expect(throws: HTTPFailure.timedOut(seconds: 0.2)) { try client.send(request) }
            }
            #expect(time >= .milliseconds(190) && time < .seconds(2))
        }
    }

    @Test func `no time left: timed out, and nothing is sent`() async throws {
        try await withCannedServer { _ in
            CannedServer.answer()
        } _: { server in
            let request = try get(server, timeout: .zero)
            #expect(throws: HTTPFailure.timedOut(seconds: 0)) { try client.send(request) }
            #expect(server.requests == [])
        }
    }

    @Test(arguments: [
        CannedServer.Reply.hangUp, .bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"),
        .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
    ])
    func `a connection that ends too early is cut short`(reply: CannedServer.Reply) async throws {
        try await withCannedServer { _ in
            reply
        } _: { server in
            let request = try get(server)
            let failure = #expect(throws: HTTPFailure.self) { try client.send(request) }
            guard case .cutShort = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH\r\n", "<html>HTTP/0.9</html>", "HTTP/1.1 abc\r\n\r\n"])
    func `what is not HTTP is unsupported`(text: String) async throws {
        try await withCannedServer { _ in
            .bytes(text)
        } _: { server in
            let request = try get(server)
            let failure = #expect(throws: HTTPFailure.self) { try client.send(request) }
            guard case .unsupported = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test func `a body over the limit is too large; one that is discarded never is`() async throws {
        let body = String(repeating: "a", count: 300_000)
        try await withCannedServer { _ in
            CannedServer.answer(body: body)
        } _: { server in
            let collecting = try get(server)
            #expect(throws: HTTPFailure.tooLarge(limit: 1000)) { try client.send(collecting) }
            let response = try client.send(try get(server, body: .discard))
            #expect(response.status == 200)
            #expect(response.body == [])
        }
    }

    @Test func `endless headers are too large`() async throws {
        let headers = (0..<6000).map { "X-\($0): \(String(repeating: "v", count: 60))" }
        try await withCannedServer { _ in
            CannedServer.answer(headers: headers)
        } _: { server in
            let request = try get(server)
            #expect(throws: HTTPFailure.tooLarge(limit: 262_144)) { try client.send(request) }
        }
    }

    @Test(arguments: [
        "file:///etc/passwd", "gopher://127.0.0.1/", "http://127.0.0.1/a b", "http://a\0b/", ":", "http://a\n/",
    ])
    func `only http and https, and only addresses that are written well`(url: String) {
        let failure = #expect(throws: HTTPFailure.self) {
            try client.send(HTTPRequest(.get, url, timeout: .seconds(5)))
        }
        guard case .unsupported = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test(arguments: [HTTPHeader("A", "b\r\nC: d"), HTTPHeader("A\n", "b"), HTTPHeader("", "b"), HTTPHeader("A", "\0")])
    func `a header can't bring another one with it`(header: HTTPHeader) {
        var request = HTTPRequest(.get, "http://127.0.0.1:1/", timeout: .seconds(5))
        request.headers = [header]
        #expect(throws: HTTPFailure.unsupported(detail: "a header may not hold control characters")) {
            try client.send(request)
        }
    }
}

extension CurlClientTests {
    @Test func `a Unix socket: answers, absent, dead`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("s")
            var request = HTTPRequest(.get, "http://docker/", timeout: .seconds(5))
            request.unixSocket = path.string
            #expect(throws: HTTPFailure.noSuchSocket) { try client.send(request) }
            try await withCannedServer(at: path) { _ in
                CannedServer.answer(body: "hello")
            } _: { _ in
                let response = try client.send(request)
                #expect(response.text == "hello")
            }
            try await eventually("the server is gone") {
                do throws(HTTPFailure) { _ = try client.send(request) } catch { return error == .refused }
                return false
            }
        }
    }

    @Test func `a Unix socket that we may not use: not permitted`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("s")
            try await withCannedServer(at: path) { _ in
                CannedServer.answer()
            } _: { _ in
                chmod(path.string, 0)
                var request = HTTPRequest(.get, "http://docker/", timeout: .seconds(5))
                request.unixSocket = path.string
                let failure = await asNobody { [client, request] () -> HTTPFailure? in
                    do throws(HTTPFailure) { _ = try client.send(request) } catch { return error }
                    return nil
                }
                #expect(failure == .notPermitted)
            }
        }
    }

    /// Runs the body on a thread without root's right to open everything (setfsuid(2) is a thread's own).
    private func asNobody<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                typealias SetUser = @convention(c) (uid_t) -> Int32
                if geteuid() == 0, let address = dlsym(nil, "setfsuid") {
                    _ = unsafeBitCast(address, to: SetUser.self)(65534)
                }
                continuation.resume(returning: body())
            }
        }
    }

    @Test func `a hundred at once take the time of one, in their order`() async throws {
        try await withCannedServer { request in
            let number = request.split(separator: " ")[1].dropFirst()
            return CannedServer.answer(body: String(number), after: .milliseconds(500))
        } _: { server in
            let requests = try (0..<100).map { try get(server, "/\($0)") }
            var results: [Result<HTTPResponse, HTTPFailure>] = []
            let time = ContinuousClock().measure { results = client.sendAll(requests) }
            let texts = try results.map { try $0.get().text }
            #expect(texts == (0..<100).map(String.init))
            #expect(time < .seconds(5))
        }
    }

    @Test func `together, each fails for its own reason`() async throws {
        let held = try TestSocket.holding()
        try await withCannedServer { request in
            request.contains("/silent") ? .silence : CannedServer.answer(body: "fine")
        } _: { server in
            let results = client.sendAll([
                try get(server, "/silent", timeout: .milliseconds(300)),
                try get(server),
                HTTPRequest(.get, "http://127.0.0.1:\(try held.port)/", timeout: .seconds(5)),
                HTTPRequest(.get, "file:///", timeout: .seconds(5)),
                try get(server, timeout: .zero),
            ])
            #expect(results.count == 5)
            #expect(results[0] == .failure(.timedOut(seconds: 0.3)))
            #expect(try results[1].get().text == "fine")
            #expect(results[2] == .failure(.refused))
            guard case .failure(.unsupported) = results[3] else {
                Issue.record("\(results[3])")
                return
            }
            #expect(results[4] == .failure(.timedOut(seconds: 0)))
        }
    }

    @Test func `none at once is none`() {
        #expect(client.sendAll([]).isEmpty)
    }
}
