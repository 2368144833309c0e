import Connections
import Decisions
package import Fleet
import Foundation
import Host
package import Reporting
import Settings
import Synchronization
package import SystemPackage

/// A whole service as an operator has it: a folder with its configuration, a real NGINX, a real PostgreSQL whose `table`
/// says what the connections reading is, and backends, all on loopback.
package struct PrivateService: Installed {
    /// Where the backends live.
    package enum Target: Sendable {
        /// Processes of `sample-backend`.
        case process
        /// Containers of `TestImage.ready`.
        case docker(PrivateDocker)

        fileprivate var settings: [String: String] {
            switch self {
            case .process: ["TARGET": "process", "BACKEND_COMMAND": BuiltBinary("sample-backend").path.string]
            case .docker(let docker):
                ["TARGET": "docker", "BACKEND_IMAGE": TestImage.ready.name, "DOCKER_HOST": "\(docker.address)"]
            }
        }
    }

    package let target: Target
    package let installation: Installation
    package let nginx: PrivateNginx
    package let database: PrivatePostgres
    package let ports: ClosedRange<UInt16>
    /// Unique, so that several tests can discover their own processes only.
    package let name: String

    /// Of one row and one number, the connections reading.
    package var table: String { Self.table(of: name) }
    private static func table(of name: String) -> String { "load_\(name)" }
    package var stateFile: FilePath { folder.appending("state").appending("autoscale.json") }
    package var history: HistoryFolder { StateFile(stateFile).history }

    /// No waits by default, so that a test's runs can follow each other.
    fileprivate init(
        _ settings: [String: String], on target: Target, in folder: FilePath, nginx: PrivateNginx,
        database: PrivatePostgres
    ) throws {
        let name = "t\(UInt32.random(in: 0..<(.max)))"
        let ports = try freePorts(20)
        let defaults = [
            "SERVICE": name, "BACKEND_HOST_PORTS": "\(ports.lowerBound)-\(ports.upperBound)", "METRICS": "connections",
            "CONNECTIONS_QUERY": "SELECT n FROM \(Self.table(of: name))", "DB_HOST": database.host,
            "DB_PORT": "\(database.port)", "DB_USER": "postgres", "DB_NAME": "postgres", "SCALE_UP_COOLDOWN": "0",
            "SCALE_DOWN_COOLDOWN": "0", "DRAIN_SECONDS": "0", "NGINX_UPSTREAM_FILE": nginx.upstreamFile.string,
            "NGINX_UPSTREAM_NAME": nginx.upstreamName, "NGINX_TEST_COMMAND": nginx.testCommand,
            "NGINX_RELOAD_COMMAND": nginx.reloadCommand, "NGINX_STATUS_LISTEN": "127.0.0.1:\(nginx.statusPort)",
        ].merging(target.settings) { $1 }
        self.target = target
        self.nginx = nginx
        self.database = database
        self.ports = ports
        self.name = name
        installation = try Installation(
            in: folder, of: "autoscale", limit: .seconds(60), defaults: defaults, settings: settings)
    }

    /// What the connections reading is from now on.
    package func load(_ connections: Int) throws {
        _ = try database.run("UPDATE \(table) SET n = \(connections)")
    }

    /// One run of the built binary in cron's environment.
    package func monitor(
        _ arguments: String..., environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await run(["monitor"] + arguments, environment: environment)
    }

    /// One run beside the body, killed afterwards where it still runs.
    package func withRunningMonitor<Result>(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation,
        _ body: (RunningProcess) async throws -> Result
    ) async throws -> Result {
        try await installation.withRunning(["monitor"] + arguments, body)
    }

    /// Whatever a test was about: each run that says what it decided from is decided again, and comes to the same.
    fileprivate func checkHistory() throws {
        for record in try records() {
            guard let again = record.decidedAgain else {
                if record.inputs == nil { continue }
                throw PrivateServerFailure("a line of history can't be decided again: \(record)")
            }
            guard record.isDecided(as: again) else {
                throw PrivateServerFailure("a run decided otherwise than its line says: \(record); again: \(again)")
            }
        }
    }

    /// The lines of history, the oldest first; torn ones are left out.
    package func records() throws -> [RunRecord] {
        try history.days().flatMap { day in
            let bytes = try DurableFile.contents(of: history.path.appending(day)) ?? []
            return bytes.split(separator: UInt8(ascii: "\n")).compactMap { HistoryFolder.last(in: Array($0)) }
        }
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
}

/// Runs the body with such a service, configured and with no run done yet, and ends all of it afterwards.
/// - Parameters:
///   - databaseSettings: as in postgresql.conf.
///   - authentication: what clients that come by TCP, as a run does, must show.
///   - network: where the database is; a server of its own then.
package func withPrivateService<Result>(
    _ settings: [String: String] = [:], on target: PrivateService.Target = .process,
    databaseSettings: [String: String] = [:], authentication: PrivatePostgres.Authentication = .trust,
    databaseIn network: PrivateNetwork? = nil, isolation: isolated (any Actor)? = #isolation,
    _ body: (PrivateService) async throws -> Result
) async throws -> Result {
    await turns.wait()
    defer { turns.giveUp() }
    return try await withTemporaryFolder { folder in
        func withServer(_ database: PrivatePostgres) async throws -> Result {
            try FileManager.default.createDirectory(
                atPath: folder.appending("nginx").string, withIntermediateDirectories: true)
            return try await withPrivateNginx(folder: folder.appending("nginx")) { nginx in
                let service = try PrivateService(
                    settings, on: target, in: folder.appending("service"), nginx: nginx, database: database)
                try database.run("CREATE TABLE \(service.table) AS SELECT 50::numeric AS n")
                defer { service.endBackends() }
                let result = try await body(service)
                try service.checkHistory()
                return result
            }
        }
        if let shared = PrivatePostgres.shared, databaseSettings.isEmpty, authentication == .trust, network == nil {
            return try await withServer(shared)
        }
        return try await withPrivatePostgres(
            settings: databaseSettings, authentication: authentication, in: network, withServer)
    }
}

/// A few services at a time: tests that wait for each other's processor time find that everything times out.
private let turns = Turns(count: 2 * ProcessInfo.processInfo.activeProcessorCount)
