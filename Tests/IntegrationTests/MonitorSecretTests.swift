import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Goal 11: a secret is seen by the server or the backend that needs it, and by nobody else.
struct MonitorSecretTests {
    private static let canary = "canary-7f3a"
    /// Reads like a URL, and holds what a shell, a URL or libpq would take for theirs.
    private static let password = "postgres://u:\(canary)@h/db?a=b&c='d' e"
    private static let environmentCanary = "canary-91c2"

    // MARK: In a real run

    private enum Source: CaseIterable {
        case configuration
        case file
        case environment
    }

    private enum Outcome: CaseIterable {
        case accepted
        case refused
        case noDatabase
        case nobodyThere

        /// What the log says; a password that was never sent would not get there.
        var words: String {
            switch self {
            case .accepted: "Connections: 150\n"
            case .refused: "password authentication failed for user \"app\" (28P01)"
            case .noDatabase: "database \"absent\" does not exist (3D000)"
            case .nobodyThere: "Connection refused"
            }
        }
    }

    @Test func `no secret is in an argument, a line, an answer or a file of ours`() async throws {
        try await withPrivateService(authentication: .password) { service in
            try service.database.run("CREATE ROLE app LOGIN; GRANT SELECT ON \(service.table) TO app")
            try service.load(150)
            let config = service.configuration.removingLastComponent()
            try DurableFile.replace(config.appending("password"), with: Array("\(Self.password)\n".utf8))
            try DurableFile.replace(
                config.appending("app.env"), with: Array("DATABASE_URL=pg://u:\(Self.environmentCanary)@h/d\n".utf8))

            for source in Source.allCases {
                for outcome in Outcome.allCases {
                    let run = try await run(service, source, outcome)
                    #expect(run.output.status == 0, "\(run.output)")
                    #expect(run.output.stdout.contains(outcome.words), "\(source) \(outcome): \(run.output.stdout)")
                    #expect(run.trace.contains("execve(") && run.trace.contains("Monitoring started"))
                    expectNoSecret("\(source) \(outcome)", run.texts)
                }
            }
            try expectBackendsKnowTheirOwnOnly(service)

            let failed = try await run(service, .configuration, .accepted, ["BACKEND_COMMAND": "sh -c 'exit 3'"])
            #expect(failed.output.status == 1)
            #expect(failed.output.stdout.contains("could not be started"), "\(failed.output.stdout)")
            expectNoSecret("failed start", failed.texts)
            for arguments in [
                ["status"], ["status", "--json"], ["why"], ["why", "--json"], ["monitor", "--json"],
                ["monitor", "--dry-run"], ["monitor", "--dry-run", "--json"], ["config", "show"], ["config", "check"],
            ] {
                let answer = try await service.run(arguments)
                expectNoSecret("\(arguments)", [answer.stdout, answer.stderr])
            }
            try expectNoSecretIn(service.folder, but: ["config/password", "config/app.env", "config/autoscale.conf"])
            try expectNoSecretIn(service.nginx.folder, but: [])
        }
    }

    /// One run under strace(1), which shows every program that was started with its arguments, and every write.
    private struct TracedRun {
        let output: ProcessOutput
        let trace: String

        var texts: [String] { [output.stdout, output.stderr, trace] }
    }

    private func run(
        _ service: PrivateService, _ source: Source, _ outcome: Outcome, _ settings: [String: String] = [:]
    ) async throws -> TracedRun {
        let known = outcome == .refused ? "other" : Self.password
        try service.database.run("ALTER ROLE app PASSWORD '\(known.replacing("'", with: "''"))'")
        var all = ["DB_USER": "app", "BACKEND_ENV_FILE": "config/app.env", "MAX_BACKENDS": "20"]
        if outcome == .noDatabase { all["DB_NAME"] = "absent" }
        if outcome == .nobodyThere { all["DB_PORT"] = "\(try freePort())" }
        var environment = RunningProcess.cronEnvironment
        switch source {
        case .configuration: all["DB_PASSWORD"] = Self.password
        case .file: all["DB_PASSWORD_FILE"] = "config/password"
        case .environment: environment["AUTOSCALE_DB_PASSWORD"] = Self.password
        }
        try service.configure(all.merging(settings) { $1 })
        try await eventually("nothing drains or starts") {  // so that every good run takes a step
            try Set(service.backends().map(\.identity)).count == service.served()?.count ?? 0
        }
        // Below the folder of the configuration: what it holds is judged apart. The tracer (-D) ends with the backend.
        let trace = service.folder.removingLastComponent().appending("trace")
        let process = try RunningProcess(
            "/usr/bin/strace",
            arguments: [
                "-D", "-f", "-s", "65536", "-e", "trace=execve,write,writev,pwrite64,openat,mkdir,rename,symlink", "-o",
                trace.string, service.command.path.string, "monitor", "--config", service.configuration.string,
            ], environment: environment, workingDirectory: "/")
        defer { process.end() }
        let output = try await process.output(within: .seconds(60))
        return TracedRun(output: output, trace: try String(contentsOfFile: trace.string, encoding: .utf8))
    }

    private func expectNoSecret(_ place: String, _ texts: [String]) {
        for secret in [Self.canary, Self.environmentCanary] {
            for text in texts where text.contains(secret) {
                let line = text.split(separator: "\n").first { $0.contains(secret) } ?? ""
                Issue.record("\(place): \(line)")
            }
        }
    }

    private func expectNoSecretIn(_ folder: FilePath, but exceptions: Set<String>) throws {
        let names = FolderSnapshot(of: folder).names.filter { !exceptions.contains($0) }
        #expect(!names.isEmpty)
        for name in names {
            let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
            expectNoSecret(name, [name, String(decoding: bytes, as: UTF8.self)])
        }
    }

    private func expectBackendsKnowTheirOwnOnly(_ service: PrivateService) throws {
        let backends = try service.backends()
        #expect(backends.count >= Source.allCases.count)
        for backend in backends {
            let environment = try String(
                decoding: #require(FileManager.default.contents(atPath: "/proc/\(backend.identity.pid)/environ")),
                as: UTF8.self)
            #expect(environment.contains(Self.environmentCanary))
            #expect(!environment.contains(Self.canary))
        }
    }

    // MARK: In errors

    @Test(
        "An error does not quote the secret that stands on its line",
        arguments: [
            "DB_PASSWORD CANARY", "CANARY", "CANARY==", "Ab/CANARY==", "DB_PASSWORD=\"CANARY", "DB_PASSWORD='a' CANARY",
            "DB_PASSWORD='a'CANARY", "DB_PASSWORD=CANARY\u{1}", "DB_PASSWORD=CANARY\nDB_PASSWORD=CANARY",
            "DB_PASWORD=CANARY", "DB_PASSWORD=CANARY\nDB_PASSWORD_FILE=x", "export DB_PASSWORD=CANARY",
            "DB_PASSWORD: CANARY = x", "DB_NAME=postgresql://app:CANARY@db/app", "DB_HOST=postgres://app:CANARY@db",
            "DB_USER=pg://app:CANARY@db", "DB_PORT=pg://app:CANARY@db", "DOCKER_HOST=tcp://u:CANARY@h:1",
            "NGINX_STATUS_URL=http://u:CANARY@h:1",
        ])
    func quoted(_ line: String) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a.conf")
            try DurableFile.replace(file, with: Array(line.replacing("CANARY", with: Self.canary).utf8))
            for command in [
                ["config", "check"], ["config", "show"], ["monitor"], ["monitor", "--dry-run"], ["status"],
            ] {
                let output = try await BuiltBinary("autoscale").run(arguments: command + ["--config", file.string])
                #expect(output.status == 78, "\(output)")
                #expect(output.stderr.contains("\(file):"), "\(output)")
                expectNoSecret("\(command)", [output.stdout, output.stderr])
            }
        }
    }

    @Test func `nor the one on a line of the backends' environment file, nor the one in an override`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a.conf")
            let environment = folder.appending("app.env")
            try DurableFile.replace(
                file, with: Array("TARGET=process\nBACKEND_COMMAND=true\nBACKEND_ENV_FILE=app.env\n".utf8))
            let key = "KEY=\"-----BEGIN KEY-----\n\(Self.canary)Zm9v\n\(Self.canary)/9==\n-----END KEY-----\"\n"
            try DurableFile.replace(environment, with: Array(key.utf8))
            for command in [["monitor"], ["monitor", "--json"], ["config", "check"]] {
                let output = try await BuiltBinary("autoscale").run(arguments: command + ["--config", file.string])
                #expect(output.status == 78, "\(output)")
                let words = "\(environment):1: KEY: a value of several lines (to line 4)"
                #expect((output.stdout + output.stderr).contains(words), "\(output)")
                expectNoSecret("\(command)", [output.stdout, output.stderr])
            }
            let overrides = ["AUTOSCALE_DB_NAME": "postgresql://app:\(Self.canary)@db/app"]
            let output = try await BuiltBinary("autoscale").run(
                arguments: ["config", "show", "--config", file.string],
                environment: RunningProcess.cronEnvironment.merging(overrides) { $1 })
            #expect(output.status == 78)
            expectNoSecret("override", [output.stdout, output.stderr])
        }
    }
}
