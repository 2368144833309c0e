import Foundation
import Glibc
import Synchronization
package import SystemPackage

/// A server that answers what a real one won't on demand: raw bytes, nothing at all, or a closed connection.
package final class CannedServer: Sendable {
    package enum Reply: Sendable {
        /// These bytes after that time, then the connection is closed.
        case bytes(String, after: Duration = .zero)
        /// Accepts and says nothing for as long as the server lives.
        case silence
        case hangUp
    }

    private let listener: TestSocket
    private let open = Mutex<[TestSocket]>([])
    private let seen = Mutex<[String]>([])

    fileprivate init(_ listener: TestSocket, reply: @escaping @Sendable (String) -> Reply) {
        self.listener = listener
        Thread.detachNewThread { [self] in
            while let connection = try? listener.accepted() {
                open.withLock { $0.append(connection) }
                Thread.detachNewThread { self.serve(connection, reply) }
            }
        }
    }

    /// The heads of the requests that came, in their order.
    package var requests: [String] { seen.withLock { $0 } }

    package var port: UInt16 { get throws { try listener.port } }

    /// How an HTTP answer is written; the connection's end ends the body where no length is named.
    package static func answer(
        status: Int = 200, headers: [String] = [], body: String = "", after delay: Duration = .zero
    ) -> Reply {
        let lines = ["HTTP/1.1 \(status) Status"] + headers + ["Content-Length: \(body.utf8.count)", "", body]
        return .bytes(lines.joined(separator: "\r\n"), after: delay)
    }

    private func serve(_ connection: TestSocket, _ reply: (String) -> Reply) {
        guard let request = connection.requestHead() else { return }
        seen.withLock { $0.append(request) }
        switch reply(request) {
        case .silence: return
        case .hangUp: break
        case .bytes(let text, let delay):
            Thread.sleep(forTimeInterval: delay / .seconds(1))
            connection.send(text)
        }
        connection.shutDown()
        open.withLock { $0.removeAll { $0 === connection } }
    }

    fileprivate func end() {
        listener.shutDown()
        open.withLock { connections in
            for connection in connections { connection.shutDown() }
            connections = []
        }
    }
}

/// Answers on a free port of 127.0.0.1 while the body runs; `reply` gets the head of each request.
package func withCannedServer<Result>(
    isolation: isolated (any Actor)? = #isolation,
    reply: @escaping @Sendable (_ request: String) -> CannedServer.Reply,
    _ body: (CannedServer) async throws -> Result
) async throws -> Result {
    let server = CannedServer(try .listening(), reply: reply)
    defer { server.end() }
    return try await body(server)
}

/// Answers on a Unix socket while the body runs.
package func withCannedServer<Result>(
    at path: FilePath, isolation: isolated (any Actor)? = #isolation,
    reply: @escaping @Sendable (_ request: String) -> CannedServer.Reply,
    _ body: (CannedServer) async throws -> Result
) async throws -> Result {
    let server = CannedServer(try .listening(path: path), reply: reply)
    defer { server.end() }
    return try await body(server)
}

extension TestSocket {
    fileprivate func requestHead() -> String? {
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(descriptor.rawValue, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            head += buffer[..<count]
        }
        return String(decoding: head, as: UTF8.self)
    }

    fileprivate func send(_ text: String) { deliver(Array(text.utf8)) }

    /// Without SIGPIPE where the other end hung up.
    func deliver(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
