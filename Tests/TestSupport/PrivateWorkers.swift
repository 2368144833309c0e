package import Connections
import Foundation
import Glibc
package import Host
import Settings
package import SystemPackage

/// Queue workers as an operator has them: a configuration without NGINX, a real PostgreSQL whose `table` says how much there
/// is to do, and nothing that sends anybody a request.
///
/// The configuration names an NGINX that accepts connections and never answers, and commands that leave a trace: nothing of
/// it may be asked or run.
package struct PrivateWorkers: Installed {
    package let installation: Installation
    package let name: String
    private let database: PrivatePostgres
    private let docker: PrivateDocker?

    private var table: String { "queue_\(name)" }
    package var stateFile: FilePath { folder.appending("state/autoscale.json") }
    package var log: FilePath { folder.appending("ended") }

    fileprivate init(
        _ settings: [String: String], on docker: PrivateDocker?, in folder: FilePath, silent port: UInt16,
        database: PrivatePostgres
    ) throws {
        name = "w\(UInt32.random(in: 0..<(.max)))"
        self.database = database
        self.docker = docker
        let trace = "touch \(folder)/asked"
        let common = [
            "SERVICE": name, "PUBLISHER": "none", "METRICS": "connections",
            "CONNECTIONS_QUERY": "SELECT n FROM queue_\(name)",
            "DB_HOST": database.host, "DB_PORT": "\(database.port)", "DB_USER": "postgres", "DB_NAME": "postgres",
            "SCALE_UP_COOLDOWN": "0", "SCALE_DOWN_COOLDOWN": "0", "BACKEND_HOST_PORTS": "1-1",
            "NGINX_TEST_COMMAND": trace, "NGINX_RELOAD_COMMAND": trace, "NGINX_STATUS_LISTEN": "127.0.0.1:\(port)",
        ]
        let target =
            docker.map {
                ["TARGET": "docker", "BACKEND_IMAGE": TestImage.ready.name, "DOCKER_HOST": "\($0.address)"]
            } ?? ["TARGET": "process", "BACKEND_COMMAND": "sh worker"]
        installation = try Installation(
            in: folder, of: "autoscale", limit: .seconds(60), defaults: common.merging(target) { $1 },
            settings: settings)
        try write(Self.worker)
        try database.run("CREATE TABLE \(table) AS SELECT 50::numeric AS n")
    }

    /// Takes what it has begun to its end when it is asked to, and writes that down.
    private static let worker = """
        trap 'sleep 0.3; echo "$AUTOSCALE_NAME ${PORT:-no port}" >>ended; exit 0' TERM
        while :; do sleep 0.1; done
        """

    /// What a worker does from now on; it is run by a shell, in the service's folder.
    package func write(_ script: String) throws {
        try script.write(toFile: folder.appending("worker").string, atomically: true, encoding: .utf8)
    }

    /// How much there is to do from now on.
    package func load(_ jobs: Int) throws { _ = try database.run("UPDATE \(table) SET n = \(jobs)") }

    /// One run of the built binary in cron's environment.
    package func monitor(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await run(["monitor"] + arguments)
    }

    /// Session leaders that work in this service's folder.
    package func processes() throws -> [ProcessTable.Status] {
        try processesWorking(in: folder).filter(\.isSessionLeader)
    }

    package func containers() throws -> [DockerContainer] {
        guard let docker else { return [] }
        return try docker.engine.containers(
            labelled: ["autoscale.service=\(name)"], before: Deadline(after: .seconds(10)))
    }

    /// What workers wrote when they were asked to end, one a line.
    package func ended() -> [String] {
        ((try? String(contentsOfFile: log.string, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    /// Whether anything of NGINX was run or written.
    package var touchesNGINX: Bool {
        let names = FolderSnapshot(of: folder).names
        return names.contains { $0 == "asked" || $0.contains("upstream") || $0.hasPrefix("nginx") }
    }

    fileprivate func end() {
        killProcesses(workingIn: folder)
        for container in (try? containers()) ?? [] {
            try? docker?.engine.remove(container.id, name: "it", killing: true, before: Deadline(after: .seconds(10)))
        }
    }
}

/// Runs the body with such a service, configured and with no run done yet, and ends all of it afterwards.
package func withPrivateWorkers<Result>(
    _ settings: [String: String] = [:], on docker: PrivateDocker? = nil, isolation: isolated (any Actor)? = #isolation,
    _ body: (PrivateWorkers) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let silent = try TestSocket.listening()
        func withServer(_ database: PrivatePostgres) async throws -> Result {
            let workers = try PrivateWorkers(
                settings, on: docker, in: folder.appending("service"), silent: silent.port, database: database)
            defer { workers.end() }
            return try await body(workers)
        }
        defer { withExtendedLifetime(silent) {} }
        if let shared = PrivatePostgres.shared { return try await withServer(shared) }
        return try await withPrivatePostgres(withServer)
    }
}
