package import AutoscaleCore
package import Decisions
import Foundation
package import SystemPackage

/// A whole service as an operator has it: a folder with its configuration, a real NGINX, a real PostgreSQL whose table
/// `load` says what the connections reading is, and `sample-backend` processes, all on loopback.
package struct PrivateService: Sendable {
    package let folder: FilePath
    package let nginx: PrivateNginx
    package let database: PrivatePostgres
    package let ports: ClosedRange<UInt16>
    /// Unique, so that several tests can discover their own processes only.
    package let name: String

    package var configuration: FilePath { folder.appending("config").appending("autoscale.conf") }
    package var stateFile: FilePath { folder.appending("state").appending("autoscale.json") }
    package var history: HistoryFolder { StateFile(stateFile).history }
    package var command: BuiltBinary { BuiltBinary("autoscale") }

    /// Keys that are set where a test does not set them. No waits, so that a test's runs can follow each other.
    private var defaults: [String: String] {
        [
            "SERVICE": name, "TARGET": "process", "BACKEND_COMMAND": BuiltBinary("sample-backend").path.string,
            "BACKEND_HOST_PORTS": "\(ports.lowerBound)-\(ports.upperBound)", "METRICS": "connections",
            "CONNECTIONS_QUERY": "SELECT n FROM load", "DB_HOST": "127.0.0.1", "DB_PORT": "\(database.port)",
            "DB_USER": "postgres", "DB_NAME": "postgres", "SCALE_UP_COOLDOWN": "0", "SCALE_DOWN_COOLDOWN": "0",
            "DRAIN_SECONDS": "0", "NGINX_UPSTREAM_FILE": nginx.upstreamFile.string,
            "NGINX_UPSTREAM_NAME": nginx.upstreamName, "NGINX_TEST_COMMAND": nginx.testCommand,
            "NGINX_RELOAD_COMMAND": nginx.reloadCommand, "NGINX_STATUS_LISTEN": "127.0.0.1:\(nginx.statusPort)",
        ]
    }

    /// Writes the configuration file: the defaults above with these on top.
    package func configure(_ settings: [String: String]) throws {
        let all = defaults.merging(settings) { $1 }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        try lines.joined().write(toFile: configuration.string, atomically: true, encoding: .utf8)
    }

    /// What the connections reading is from now on.
    package func load(_ connections: Int) throws {
        _ = try database.run("UPDATE load SET n = \(connections)")
    }

    /// One run of the built binary in cron's environment.
    package func monitor(
        _ arguments: String..., environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await run(["monitor"] + arguments, environment: environment)
    }

    package func run(
        _ arguments: [String], environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await command.run(
            arguments: arguments + ["--config", configuration.string],
            environment: RunningProcess.cronEnvironment.merging(environment) { $1 }, workingDirectory: "/",
            timeout: .seconds(60))
    }

    /// Runs until the fleet has this many backends in NGINX, each run asking for one more.
    package func grow(to count: Int, isolation: isolated (any Actor)? = #isolation) async throws {
        try load(1000)
        for _ in 0...count where try served()?.count ?? 0 < count { _ = try await monitor() }
        try load(50)
        let reached = try served()?.count
        guard reached == count else {
            throw PrivateServerFailure("the fleet did not grow to \(count), but to \(reached ?? 0)")
        }
    }

    /// What the running NGINX says that it serves; `nil` where nothing of ours answers.
    package func served() throws -> Set<ServerAddress>? {
        let configuration = try Configuration(
            text: "SERVICE=\(name)\nNGINX_STATUS_LISTEN=127.0.0.1:\(nginx.statusPort)\n", path: "t", base: "/",
            environment: [:])
        guard case .live(let live) = UpstreamStatus(configuration.loadBalancer).ask(within: .seconds(5)) else {
            return nil
        }
        return live.servers
    }

    /// The session leaders that carry this service's name in their environment.
    package func backends() throws -> [ProcessTable.Status] {
        try processesWorking(in: folder).filter(\.isSessionLeader)
    }

    /// Requests through NGINX, one after the other, each on a connection of its own.
    package func ask(_ path: String = "/", times: Int = 1) -> [Int] {
        (0..<times).map { _ in
            let answer = try? CurlClient().send(
                HTTPRequest(.get, "http://127.0.0.1:\(nginx.port)\(path)", timeout: .seconds(10)))
            return answer?.status ?? 0
        }
    }
}

/// Runs the body with such a service, configured and with no run done yet, and ends all of it afterwards.
package func withPrivateService<Result>(
    _ settings: [String: String] = [:], isolation: isolated (any Actor)? = #isolation,
    _ body: (PrivateService) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        try await withPrivatePostgres { database in
            _ = try database.run("CREATE TABLE load (n numeric)")
            _ = try database.run("INSERT INTO load VALUES (50)")
            for name in ["nginx", "service/config"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
            return try await withPrivateNginx(folder: folder.appending("nginx")) { nginx in
                let service = PrivateService(
                    folder: folder.appending("service"), nginx: nginx, database: database, ports: try freePorts(20),
                    name: "t\(UInt32.random(in: 0..<(.max)))")
                try service.configure(settings)
                defer { killProcesses(workingIn: service.folder) }
                return try await body(service)
            }
        }
    }
}
