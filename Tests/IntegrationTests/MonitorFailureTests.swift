import Decisions
import Fleet
import Foundation
import Host
import Reporting
import SystemPackage
import TestSupport
import Testing

/// What a run does when its own memory or its configuration is not as it should be.
@Suite(.sharedDatabase)
struct MonitorFailureTests {
    // MARK: The lock

    @Test func `a run that finds the lock held says so and gives up within 100 ms`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            try service.load(150)
            let lock = try RunLock(StateFile(service.stateFile).lock)
            let before = FolderSnapshot(of: service.folder)
            let run = try await service.monitor()
            #expect(run.status == 75)
            #expect(run.stdout.contains("Error: Another run is under way (it holds \(service.stateFile).lock)"))
            try await eventually("one gives up within 100 ms of its start") {
                let run = try await service.monitor("--json")
                return try service.record(run).durationMilliseconds < 100
            }
            #expect(FolderSnapshot(of: service.folder) == before)
            #expect(try service.backends().count == 1)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `of 50 runs at once one acts and 49 give up`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            try service.load(150)
            let gate = service.folder.appending("gate").string
            try service.configure([
                "NGINX_TEST_COMMAND":
                    "sh -c 'until [ -e \(gate) ]; do sleep 0.05; done; PATH=$PATH:/usr/sbin; \(service.nginx.testCommand)'"
            ])
            let runs = try (0..<50).map { _ in
                try RunningProcess(
                    service.command.path, arguments: ["monitor", "--config", service.configuration.string],
                    workingDirectory: "/")
            }
            defer { for run in runs { run.end() } }
            try await eventually("49 have given up") { runs.count { $0.ending == .exited(75) } == 49 }
            let acting = try #require(runs.first { $0.isRunning })
            #expect(FileManager.default.createFile(atPath: gate, contents: nil))
            let acted = try await acting.output()
            #expect(acted.status == 0, "\(acted)")
            #expect(try service.backends().count == 2)
            #expect(try service.served()?.count == 2)
        }
    }

    @Test func `status answers while another run holds the lock, and changes nothing`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            let lock = try RunLock(StateFile(service.stateFile).lock)
            let before = FolderSnapshot(of: service.folder)
            let upstream = FolderSnapshot(of: service.nginx.upstreamFile)
            for command in [["status"], ["status", "--json"], ["why"], ["config", "show"]] {
                let output = try await service.run(command)
                #expect(output.status == 0, "\(output)")
                #expect(output.stderr.isEmpty)
            }
            #expect(try await service.run(["status"]).stdout.contains("Active backends: 1\n"))
            #expect(FolderSnapshot(of: service.folder) == before)
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == upstream)
            withExtendedLifetime(lock) {}
        }
    }

    // MARK: The state file

    @Test func `a broken state file is set aside; the run repairs and publishes, and the step waits for the next`()
        async throws
    {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            _ = try await service.monitor()
            let victim = try #require(try service.backends().first)
            try ProcessTable.kill(victim.identity)
            let torn = "{\"version\": 1, \"serv"
            try torn.write(toFile: service.stateFile.string, atomically: false, encoding: .utf8)
            try service.load(150)

            let repair = try await service.monitor()
            #expect(repair.status == 0, "\(repair)")
            #expect(repair.stdout.contains("State: NORMAL\n"))
            #expect(repair.stdout.contains("Warning: The state file could not be read"), "\(repair.stdout)")
            #expect(repair.stdout.contains("the state file was unreadable, so no step in this run"))
            let aside = try #require(
                FolderSnapshot(of: service.stateFile.removingLastComponent()).names
                    .first { $0.hasPrefix("autoscale.json.corrupt-2") })
            let kept = service.stateFile.removingLastComponent().appending(aside)
            #expect(repair.stdout.contains(kept.string))
            #expect(try String(contentsOfFile: kept.string, encoding: .utf8) == torn)
            #expect(try service.backends().count == 2)
            #expect(try service.served()?.count == 2)
            #expect(service.ask(times: 6) == Array(repeating: 200, count: 6))

            #expect(try await service.monitor().stdout.contains("State: SCALING UP\n"))
            #expect(try service.served()?.count == 3)
        }
    }

    @Test func `the state of a newer version, or of another service, is left alone, and so is the world`() async throws
    {
        try await withPrivateService { service in
            _ = try await service.monitor()
            try service.load(150)
            let upstream = FolderSnapshot(of: service.nginx.upstreamFile)
            for (header, status, words) in [
                (#""version": 99, "unheard": true"#, 65, "was written by a newer version of autoscale (format 99)"),
                (#""version": 1, "service": "shop""#, 78, "belongs to the service shop"),
            ] {
                try "{\(header)}".write(toFile: service.stateFile.string, atomically: false, encoding: .utf8)
                let state = FolderSnapshot(of: service.stateFile)
                let run = try await service.monitor()
                #expect(run.status == Int32(status))
                #expect(run.stdout.contains("Error: \(service.stateFile) \(words)"), "\(run.stdout)")
                #expect(FolderSnapshot(of: service.stateFile) == state)
            }
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == upstream)
            #expect(try service.backends().count == 1)
        }
    }

    // MARK: The configuration

    @Test func `a broken configuration is shown whole, and nothing is made`() async throws {
        try await withPrivateService { service in
            let broken = "SERVICE=app\nCPU_MAX=200\nMAX_BACKEND=3\nnonsense\nMIN_BACKENDS=5\nMAX_BACKENDS=2\n"
            try broken.write(toFile: service.configuration.string, atomically: true, encoding: .utf8)
            let before = FolderSnapshot(of: service.folder)
            let run = try await service.monitor()
            #expect(run.status == 78)
            #expect(run.stdout.isEmpty)
            for words in [
                ":2: CPU_MAX: '200'", ":3: MAX_BACKEND: unknown key, did you mean MAX_BACKENDS?",
                ":4: no '=', allowed: KEY=VALUE", "MIN_BACKENDS (5) is above MAX_BACKENDS (2)",
            ] {
                #expect(run.stderr.contains(words), "\(run.stderr)")
            }
            #expect(FolderSnapshot(of: service.folder) == before)
            #expect(try service.backends().isEmpty)
        }
    }

    // MARK: What is printed

    @Test func `a dry run prints the plan and the upstream file, and touches nothing`() async throws {
        try await withPrivateService { service in
            let untouched = FolderSnapshot(of: service.folder)
            let found = FolderSnapshot(of: service.nginx.upstreamFile)
            let first = try await service.monitor("--dry-run")
            #expect(first.status == 0, "\(first)")
            #expect(try #/\nPlan:\n  start t\d+_backend_\d+\n/#.firstMatch(in: first.stdout) != nil, "\(first.stdout)")
            #expect(FolderSnapshot(of: service.folder) == untouched)
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == found)
            #expect(try service.backends().isEmpty)

            _ = try await service.monitor()
            try service.load(150)
            let lock = try RunLock(StateFile(service.stateFile).lock)
            let steady = FolderSnapshot(of: service.folder)
            let upstream = try String(contentsOfFile: service.nginx.upstreamFile.string, encoding: .utf8)
            let step = try await service.monitor("--dry-run")
            #expect(step.status == 0)
            #expect(step.stdout.contains("State: SCALING UP\n"))
            #expect(step.stdout.contains("\n  scale up: start \(service.name)_backend_"))
            #expect(step.stdout.contains("\nUpstream file:\n\(upstream)"), "\(step.stdout)")
            #expect(FolderSnapshot(of: service.folder) == steady)
            #expect(try service.backends().count == 1)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `with --json standard output is one record, and the log lines are on standard error`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            try service.load(150)
            let run = try await service.monitor("--json")
            #expect(run.status == 0)
            let record = try service.record(run)
            #expect(record.decision.verdict == .up)
            #expect(record.events.map(\.code) == ["creating", "published", "created"])
            #expect(record.activeBackends == 2)
            #expect(try service.history.last()?.events == record.events)
            #expect(run.stderr.contains("State: SCALING UP\n"))

            try service.configure(["DB_PORT": "\(try freePort())"])
            let blind = try await service.monitor("--json")
            let missing = try service.record(blind).reading(.connections)
            #expect(missing?.missing?.contains("Connection refused") == true)
        }
    }

    @Test func `whoever reads the log may go away: the run goes on`() async throws {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            let status = service.folder.appending("status").string
            let script =
                "{ '\(service.command.path)' monitor --config '\(service.configuration)'; echo $? >'\(status)'; } | head -n 1"
            let pipe = try RunningProcess("/bin/sh", arguments: ["-c", script], workingDirectory: "/")
            defer { pipe.end() }
            #expect(try await pipe.output().stdout.hasSuffix("] Monitoring started\n"))
            #expect(try String(contentsOfFile: status, encoding: .utf8) == "0\n")
            #expect(try service.served()?.count == 2)
        }
    }
}

extension PrivateService {
    /// What `--json` printed.
    fileprivate func record(_ run: ProcessOutput) throws -> RunRecord {
        try JSONDecoder().decode(RunRecord.self, from: Data(run.stdout.utf8))
    }
}
