package import AutoscaleCore
package import Decisions
import Foundation
import Synchronization
package import SystemPackage

/// A whole service as an operator has it: a folder with its configuration, a real NGINX, a real PostgreSQL whose `table`
/// says what the connections reading is, and backends, all on loopback.
package struct PrivateService: Sendable {
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
    package let folder: FilePath
    package let nginx: PrivateNginx
    package let database: PrivatePostgres
    package let ports: ClosedRange<UInt16>
    /// Unique, so that several tests can discover their own processes only.
    package let name: String

    /// Of one row and one number, the connections reading.
    package var table: String { "load_\(name)" }
    package var configuration: FilePath { folder.appending("config").appending("autoscale.conf") }
    package var stateFile: FilePath { folder.appending("state").appending("autoscale.json") }
    package var history: HistoryFolder { StateFile(stateFile).history }
    package var command: BuiltBinary { BuiltBinary("autoscale") }

    /// Keys that are set where a test does not set them. No waits, so that a test's runs can follow each other.
    private var defaults: [String: String] {
        [
            "SERVICE": name, "BACKEND_HOST_PORTS": "\(ports.lowerBound)-\(ports.upperBound)", "METRICS": "connections",
            "CONNECTIONS_QUERY": "SELECT n FROM \(table)", "DB_HOST": database.host, "DB_PORT": "\(database.port)",
            "DB_USER": "postgres", "DB_NAME": "postgres", "SCALE_UP_COOLDOWN": "0", "SCALE_DOWN_COOLDOWN": "0",
            "DRAIN_SECONDS": "0", "NGINX_UPSTREAM_FILE": nginx.upstreamFile.string,
            "NGINX_UPSTREAM_NAME": nginx.upstreamName, "NGINX_TEST_COMMAND": nginx.testCommand,
            "NGINX_RELOAD_COMMAND": nginx.reloadCommand, "NGINX_STATUS_LISTEN": "127.0.0.1:\(nginx.statusPort)",
        ].merging(target.settings) { $1 }
    }

    /// Writes the configuration file: the defaults above with these on top; an empty value takes a default back.
    package func configure(_ settings: [String: String]) throws {
        let all = defaults.merging(settings) { $1 }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        try lines.joined().write(toFile: configuration.string, atomically: true, encoding: .utf8)
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

    package func run(
        _ arguments: [String], environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await command.run(
            arguments: arguments + ["--config", configuration.string],
            environment: RunningProcess.cronEnvironment.merging(environment) { $1 }, workingDirectory: "/",
            timeout: .seconds(60))
    }

    /// The same as another user, by setpriv(1), which needs root.
    package func run(
        _ arguments: [String], as user: String, isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        let words =
            ["--reuid=\(user)", "--regid=nogroup", "--clear-groups", command.path.string] + arguments
            + ["--config", configuration.string]
        let process = try RunningProcess("/usr/bin/setpriv", arguments: words, workingDirectory: "/")
        defer { process.end() }
        return try await process.output(within: .seconds(60))
    }

    /// One run beside the body, killed afterwards where it still runs.
    package func withRunningMonitor<Result>(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation,
        _ body: (RunningProcess) async throws -> Result
    ) async throws -> Result {
        try await command.withRunning(
            arguments: ["monitor"] + arguments + ["--config", configuration.string], workingDirectory: "/", body)
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
    package func served() throws -> Set<ServerAddress>? { try live()?.servers }

    /// The same with the generation of the file that NGINX has loaded.
    package func live() throws -> LiveUpstream? {
        let configuration = try Configuration(
            text: "SERVICE=\(name)\nNGINX_STATUS_LISTEN=127.0.0.1:\(nginx.statusPort)\n", path: "t", base: "/",
            environment: [:])
        guard case .live(let live) = UpstreamStatus(configuration.loadBalancer).ask(within: .seconds(5)) else {
            return nil
        }
        return live
    }

    /// The process target's: session leaders that work in this service's folder.
    package func backends() throws -> [ProcessTable.Status] {
        try processesWorking(in: folder).filter(\.isSessionLeader)
    }

    /// The Docker target's, running or not, ours or adopted.
    package func containers() throws -> [DockerContainer] {
        guard case .docker(let docker) = target else { return [] }
        return try docker.engine.containers(
            labelled: ["autoscale.service=\(name)"], before: Deadline(after: .seconds(10)))
    }

    /// Ends every backend, found without what is tested.
    fileprivate func endBackends() {
        killProcesses(workingIn: folder)
        guard case .docker(let docker) = target, let containers = try? containers() else { return }
        for container in containers {
            try? docker.engine.remove(container.id, name: "it", before: Deadline(after: .seconds(10)))
        }
    }

    /// Requests through NGINX, one after the other, each on a connection of its own.
    package func ask(_ path: String = "/", times: Int = 1) -> [Int] {
        (0..<times).map { _ in
            let request = HTTPRequest(.get, "http://127.0.0.1:\(nginx.port)\(path)", timeout: .seconds(10))
            let answer = try? CurlClient().send(request)
            return answer?.status ?? 0
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
            for name in ["nginx", "service/config"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
            return try await withPrivateNginx(folder: folder.appending("nginx")) { nginx in
                let service = PrivateService(
                    target: target, folder: folder.appending("service"), nginx: nginx, database: database,
                    ports: try freePorts(20), name: "t\(UInt32.random(in: 0..<(.max)))")
                try database.run("CREATE TABLE \(service.table) AS SELECT 50::numeric AS n")
                try service.configure(settings)
                defer { service.endBackends() }
                return try await body(service)
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

private final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(free: count)) }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free == 0 {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func giveUp() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
