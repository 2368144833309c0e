import ArgumentParser
import FoundationEssentials
import Glibc

/// A backend to try the autoscaler with: it answers, works, waits and holds database connections, as it is asked to.
@main
struct SampleBackend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample-backend",
        abstract: "A small HTTP backend for trying out autoscale.",
        discussion: """
            GET /               who answers
            GET /health         200, or 503 while the file of --unhealthy-when exists
            GET /work?ms=N      answers after N ms of processor time
            GET /slow?ms=N      answers after N ms without work
            GET /query?ms=N     holds an active database connection for N ms; the database is libpq's (PGHOST …)

            SIGTERM and SIGINT end it when it has answered what it was asked, after 30 s at most.
            """)

    @Option(help: "The IPv4 or IPv6 address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on. (default: $PORT, or 3000)")
    var port: UInt16?

    @Option(help: "Seconds to wait before listening, as a program that is slow to start does.")
    var startupDelay = 0.0

    @Option(help: "While this file exists, /health answers 503.")
    var unhealthyWhen: String?

    func validate() throws {
        guard (0...3600).contains(startupDelay) else {
            throw ValidationError("--startup-delay is \(startupDelay); it may be 0 to 3600 seconds.")
        }
        _ = try listeningPort
    }

    private var listeningPort: UInt16 {
        get throws {
            if let port {
                guard port > 0 else { throw ValidationError("--port is 0; it may be 1 to 65535.") }
                return port
            }
            guard let text = ProcessInfo.processInfo.environment["PORT"] else { return 3000 }
            guard let port = UInt16(text), port > 0 else {
                throw ValidationError("$PORT is '\(text)'; it may be 1 to 65535.")
            }
            return port
        }
    }

    func run() async throws {
        let stop = StopSignals()
        allowManyConnections()
        let port = try listeningPort
        let requests = OpenRequests()
        let endpoints = Endpoints(
            name: ProcessInfo.processInfo.environment["AUTOSCALE_NAME"] ?? "sample-backend",
            port: port, unhealthyWhen: unhealthyWhen, requests: requests)
        let server = try BackendServer(host: host, port: port, endpoints: endpoints, requests: requests)
        guard try await !stop.came(within: .seconds(startupDelay)) else { return }
        try await server.run(until: stop) { address in
            print("sample-backend \(getpid()) answers at http://\(address)")
            fflush(nil)  // a pipe or a file would keep it until the end
        }
    }

    /// A connection is a descriptor: as many as the hard limit allows. Wraps setrlimit(2).
    private func allowManyConnections() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
