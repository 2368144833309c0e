import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// What a run does when the database says nothing, or nothing true.
struct MonitorDatabaseTests {
    @Test func `a database that is down costs the reading and the step, and nothing else`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            kill(service.database.pid, SIGQUIT)
            try await eventually("it is down") { ProcessTable.status(of: service.database.pid)?.hasEnded ?? true }
            let run = try await service.monitor()
            #expect(run.status == 0)
            try expect(run.stdout, missing: #"Connections: .*Connection refused.*"#)
            #expect(try service.served()?.count == 2)

            let victim = try #require(try service.backends().first)
            try ProcessTable.kill(victim.identity)
            #expect(try await service.monitor().status == 0)
            #expect(try service.served()?.count == 2, "repairs need no reading")
        }
    }

    @Test func `a wrong password is said, and not repeated`() async throws {
        let canary = "correcthorse"
        try await withPrivateService(["DB_USER": "app", "DB_PASSWORD": canary], authentication: .password) { service in
            try service.database.run("CREATE ROLE app LOGIN PASSWORD 'right'; GRANT SELECT ON \(service.table) TO app")
            try service.load(150)
            let run = try await service.monitor("--json")
            #expect(run.status == 0)
            try expect(run.stderr, missing: #"Connections: password authentication failed for user "app" \(28P01\)"#)
            #expect(try service.served()?.count == 1)
            for text in [run.stdout, run.stderr, try await service.run(["config", "show"]).stdout] {
                #expect(!text.contains(canary))
            }
            for name in FolderSnapshot(of: service.folder).names where !name.hasPrefix("config") {
                let bytes = FileManager.default.contents(atPath: "\(service.folder)/\(name)") ?? Data()
                #expect(!String(decoding: bytes, as: UTF8.self).contains(canary), "\(name)")
            }
        }
    }

    @Test func `D1: a full database holds every step, whatever the other readings say`() async throws {
        let settings = [
            "DB_USER": "app", "METRICS": "memory,connections", "MEMORY_MIN": "0", "MEMORY_MAX": "1",
        ]
        let small = ["max_connections": "8", "superuser_reserved_connections": "3"]
        try await withPrivateService(settings, databaseSettings: small) { service in
            try service.database.run("CREATE ROLE app LOGIN; GRANT SELECT ON \(service.table) TO app")
            #expect(try await service.monitor().status == 0)
            var taken: [HeldSession] = []
            try await eventually("no slot is left") {
                guard let session = try? HeldSession(service.database, user: "app") else { return true }
                taken.append(session)
                return false
            }
            let run = try await service.monitor()
            #expect(run.status == 0)
            #expect(run.stdout.contains("Memory: "))
            try expect(
                run.stdout,
                missing:
                    #"the database is full, one more backend would make it worse \(remaining connection slots .*\)"#)
            #expect(try service.served()?.count == 1)
            withExtendedLifetime(taken) {}
            taken = []
            #expect(try await service.monitor().stdout.contains("State: SCALING UP\n"))
        }
    }

    @Test func `C2: a role that may not see the sessions is told what to grant`() async throws {
        try await withPrivateService(["CONNECTIONS_QUERY": "", "DB_USER": "app"]) { service in
            try service.database.run("CREATE ROLE app LOGIN")
            _ = try await service.monitor()
            let other = try HeldSession(service.database, user: "postgres")
            let run = try await service.monitor()
            #expect(run.status == 0)
            try expect(
                run.stdout, missing: "Connections: role app may not see 1 sessions; run: GRANT pg_monitor TO app")
            #expect(try service.backends().count == 1)
            try service.database.run("GRANT pg_monitor TO app")
            #expect(try await service.monitor().stdout.contains("Connections: 0\n"))
            withExtendedLifetime(other) {}
        }
    }

    /// The third line is the state, and the reason has a line of its own after it.
    private func expect(_ log: String, missing reason: String) throws {
        let format = try Regex(
            #"(?s).*Connections: n/a\n\[[^\]]*\] State: NORMAL\n\[[^\]]*\] Warning: "#
                + reason.replacing(".*", with: "[^\n]*") + #"\n.*"#)
        #expect(log.wholeMatch(of: format) != nil, "\(log)")
    }
}
