import Connections
import Foundation
import Synchronization
package import SystemPackage

/// A Docker Engine's socket behind another one, where requests that the test names are answered 500: that the kernel holds
/// something of a container ("device or resource busy") can't be had on demand. All else is the engine's own answer.
package final class RefusingDocker: Sendable {
    private let listener: TestSocket
    private let engine: FilePath
    private let refused = Mutex<[String]>([])
    private let refusals = Mutex(0)

    fileprivate init(at path: FilePath, before engine: FilePath) throws {
        listener = try .listening(path: path)
        self.engine = engine
        Thread.detachNewThread { [self] in
            while let connection = try? listener.accepted() {
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    /// From now on requests whose first line has one of these in it are refused.
    package func refuse(_ words: [String]) { refused.withLock { $0 = words } }

    /// How many were refused so far.
    package var count: Int { refusals.withLock(\.self) }

    private func serve(_ client: TestSocket) {
        guard let head = client.received(), !head.isEmpty else { return }
        let line = String(decoding: head.prefix { $0 != 13 }, as: UTF8.self)
        guard !refused.withLock({ $0.contains(where: line.contains) }) else {
            refusals.withLock { $0 += 1 }
            let body = #"{"message":"device or resource busy"}"#
            client.deliver(
                Array(
                    """
                    HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n\
                    Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)
                    """.utf8))
            client.shutDown()
            return
        }
        guard let real = try? TestSocket.connected(path: engine) else { return }
        real.deliver(head)
        Thread.detachNewThread { Self.pass(from: client, to: real) }
        Self.pass(from: real, to: client)
    }

    /// Until either end hangs up, which ends both.
    private static func pass(from source: TestSocket, to destination: TestSocket) {
        while let bytes = source.received(), !bytes.isEmpty { destination.deliver(bytes) }
        destination.shutDown()
        source.shutDown()
    }

    fileprivate func end() { listener.shutDown() }
}

/// Runs the body with such a socket before a private engine.
package func withRefusingDocker<Result>(
    at path: FilePath, before docker: PrivateDocker, isolation: isolated (any Actor)? = #isolation,
    _ body: (RefusingDocker) async throws -> Result
) async throws -> Result {
    guard case .unixSocket(let engine) = docker.address.endpoint else {
        throw PrivateServerFailure("\(docker.address) is no Unix socket")
    }
    let docker = try RefusingDocker(at: path, before: FilePath(engine))
    defer { docker.end() }
    return try await body(docker)
}

extension TestSocket {
    /// What comes next; `nil` on an error, empty where the other end has hung up.
    fileprivate func received() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = try? buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        return count.map { Array(buffer.prefix($0)) }
    }
}
