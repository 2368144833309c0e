import ArgumentParser
import FlyingFox
import FlyingSocks
import Glibc

/// The HTTP server from its first connection to its last.
struct BackendServer {
    private let server: HTTPServer
    private let pool: ListeningPool<SocketPool<ePoll>>
    private let requests: OpenRequests
    private let address: String

    struct Failure: Error, CustomStringConvertible {
        let address: String
        let cause: String
        var description: String { "No server at \(address): \(cause)" }
    }

    private static let drainTimeout = Duration.seconds(30)
    /// For how long a connection that was accepted may take to send its request. One that is only kept alive sends none.
    private static let requestTimeout = Duration.milliseconds(500)

    init(host: String, port: UInt16, endpoints: Endpoints, requests: OpenRequests) throws {
        self.requests = requests
        address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        pool = ListeningPool(.ePoll())
        // FlyingFox answers 500 after its own time-out; the longest request is a minute of processor time.
        let timeout = 3600.0
        if let address = try? sockaddr_in.inet(ip4: host, port: port) {
            server = HTTPServer(address: address, timeout: timeout, pool: pool, logger: .disabled, handler: endpoints)
        } else if let address = try? sockaddr_in6.inet6(ip6: host, port: port) {
            server = HTTPServer(address: address, timeout: timeout, pool: pool, logger: .disabled, handler: endpoints)
        } else {
            throw ValidationError("--host is '\(host)'; it may be an IPv4 or IPv6 address.")
        }
    }

    /// - Parameter listening: called once, as soon as it answers.
    func run(until stop: StopSignals, listening: @escaping @Sendable (_ address: String) -> Void) async throws {
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await server.run() }
                group.addTask {
                    try await server.waitUntilListening()
                    listening(address)
                    await stop.wait()
                    try await drain()
                }
                try await group.next()
                group.cancelAll()
            }
        } catch {
            guard requests.isDraining else { throw Failure(address: address, cause: "\(error)") }
            // While it drains it is the server's way to say that its last connection has ended.
        }
    }

    /// Answers what was asked, and what is asked on connections that are open; each answer ends its connection.
    private func drain() async throws {
        let begin = ContinuousClock.now
        requests.drain()
        pool.stopListening()
        while begin.duration(to: .now) < Self.drainTimeout {
            if requests.count == 0, begin.duration(to: .now) > Self.requestTimeout { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        await server.stop(timeout: 1)
    }
}
