import Connections
import Decisions
import Fleet
import Foundation
import HealthChecks
import Host
import SystemPackage
import TestSupport
import Testing

/// `healthcheck` on a real service.
@Suite(.sharedDatabase)
struct HealthCheckTests {
    private func check(
        _ service: PrivateService, _ arguments: [String] = [], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await BuiltBinary("healthcheck").run(
            arguments: ["--config", service.configuration.string] + arguments, workingDirectory: "/")
    }

    private func report(
        _ service: PrivateService, only names: [CheckName] = [], isolation: isolated (any Actor)? = #isolation
    ) async throws -> [CheckName: HealthReport.Check] {
        let output = try await check(service, ["--json"] + names.flatMap { ["--check", $0.rawValue] })
        let report = try JSONDecoder().decode(HealthReport.self, from: Data(output.stdout.utf8))
        #expect(output.status == report.exitStatus)
        return Dictionary(uniqueKeysWithValues: report.checks.map { ($0.name, $0) })
    }

    @Test func `a service that is well, in the form of the guidelines; nothing is touched`() async throws {
        try await withPrivateService(["MIN_BACKENDS": "2", "HEALTHCHECK_TEXT": "hello"]) { service in
            // How full this machine's disk is tells nothing here.
            try service.configure([
                "MIN_BACKENDS": "2", "HEALTHCHECK_URL": service.nginx.site, "CLEANUP_DISK_MIN_FREE": "0%",
            ])
            _ = try await service.monitor()
            let before = FolderSnapshot(of: service.folder)
            let names = ["site", "backends", "upstream", "database", "replicas", "last_run", "maximum", "disk"]
            let output = try await check(service, names.flatMap { ["--check", $0] })
            #expect(output.status == 0 && output.stderr.isEmpty, "\(output)")
            let lines = output.stdout.split(separator: "\n").map(String.init)
            let summary = try Regex(
                #"HEALTHCHECK OK - \#(service.name): 8 checks \| (('[^'|=]+'|[a-z_0-9]+)=-?[0-9.]+(s|%|B)?(;[0-9.:]*)*( |$))+"#
            )
            #expect(lines[0].wholeMatch(of: summary) != nil, "\(lines[0])")
            #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("[OK] ") && !$0.contains("|") }, "\(output.stdout)")
            #expect(lines.dropFirst().map { $0.split(separator: " ")[1].dropLast() } == names.map { $0[...] })
            #expect(output.stdout.contains("[OK] backends: 2 ready\n"))
            #expect(output.stdout.contains("[OK] upstream: NGINX serves the backends that are ready (servers: 2)\n"))
            #expect(FolderSnapshot(of: service.folder) == before, "it only looks")

            let all = try await check(service)
            #expect(all.status == 1, "\(all)")
            #expect(all.stdout.contains("[WARNING] backup: there is no verified backup yet\n"))
            let quiet = try await check(service, ["--quiet", "--check", "site"])
            #expect(quiet.status == 0 && quiet.stdout.isEmpty)
            let complaint = try await check(service, ["--quiet", "--check", "site", "--check", "backup"])
            let line = try Regex(#"\[[-0-9]{10} [:0-9]{8}\] \[WARNING\] backup: there is no verified backup yet\n"#)
            #expect(complaint.stdout.wholeMatch(of: line) != nil, "\(complaint)")
        }
    }

    @Test func `backends that died are seen directly, at NGINX, and at the site`() async throws {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            try service.configure(["MIN_BACKENDS": "2", "HEALTHCHECK_URL": service.nginx.site])
            _ = try await service.monitor()
            try ProcessTable.kill(try #require(try service.backends().first).identity)
            let names: [CheckName] = [.site, .backends, .upstream]
            let one = try await report(service, only: names)
            #expect(one[.backends]?.level == .warning && one[.upstream]?.level == .warning, "\(one)")
            #expect(one[.site]?.level == .ok, "the other one answers")

            try ProcessTable.kill(try #require(try service.backends().first).identity)
            let none = try await report(service, only: names)
            #expect(names.allSatisfy { none[$0]?.level == .critical }, "\(none)")
            #expect(none[.site]?.text.hasPrefix("HTTP 502 in ") == true)

            _ = try await service.monitor()
            let healed = try await report(service, only: names)
            #expect(names.allSatisfy { healed[$0]?.level == .ok }, "\(healed)")
        }
    }

    @Test func `the expected status and text are asked for`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            func site(_ settings: [String: String]) async throws -> HealthReport.Check? {
                try service.configure(["HEALTHCHECK_URL": service.nginx.site].merging(settings) { $1 })
                return try await report(service, only: [.site])[.site]
            }
            let body = try #require(
                try CurlClient().send(HTTPRequest(.get, service.nginx.site, timeout: .seconds(5))).text.split(
                    separator: "\n"
                ).first)
            #expect(try await site(["HEALTHCHECK_TEXT": "'\(body.prefix(4))'"])?.level == .ok)
            #expect(try await site(["HEALTHCHECK_TEXT": "no such text"])?.level == .critical)
            let status = try await site(["HEALTHCHECK_STATUS": "301"])
            #expect(status?.level == .critical && status?.text.hasSuffix("expected 301") == true, "\(status as Any)")
        }
    }

    @Test func `connections are counted against the server's limit, for every role`() async throws {
        try await withPrivateService(
            ["DB_USER": "watcher"], databaseSettings: ["max_connections": "20", "superuser_reserved_connections": "1"]
        ) { service in
            try service.database.run("CREATE ROLE watcher LOGIN")
            let empty = try await report(service, only: [.database])
            #expect(empty[.database]?.level == .ok, "\(empty)")
            var held: [HeldSession] = []
            for _ in 0..<15 { held.append(try HeldSession(service.database, user: "watcher")) }
            let warned = try await report(service, only: [.database])
            #expect(warned[.database]?.text.hasPrefix("connections: 16 of 20") == true, "its own is one: \(warned)")
            #expect(warned[.database]?.level == .warning)
            for _ in 0..<3 { held.append(try HeldSession(service.database, user: "watcher")) }
            let full = try await report(service, only: [.database])
            #expect(full[.database]?.level == .critical, "\(full)")
            try await eventually("the look's own place is free again") {
                (try? HeldSession(service.database, user: "watcher")).map { held.append($0) } != nil
            }
            let refused = try await report(service, only: [.database, .replicas])
            #expect(refused[.database]?.text.hasPrefix("no free connections: ") == true, "\(refused)")
            #expect(refused[.replicas]?.level == .unknown)
            withExtendedLifetime(held) {}
        }
    }

    @Test func `a replica in time is well, one that hangs is behind, and one that may not be seen is unknown`()
        async throws
    {
        let settings = ["HEALTHCHECK_REPLICA_LAG": "1", "DB_USER": "watcher"]
        try await withPrivateService(settings, databaseSettings: ["wal_level": "replica"]) { service in
            try service.database.run("CREATE ROLE watcher LOGIN")
            try await withReplica(of: service.database) { replica in
                let hidden = try await report(service, only: [.replicas])
                #expect(hidden[.replicas]?.level == .unknown, "\(hidden)")
                try service.database.run("GRANT pg_monitor TO watcher")
                try await eventually("it has replayed all") {
                    try await report(service, only: [.replicas])[.replicas]?.level == .ok
                }
                for pid in try processes(of: replica.pid) { kill(pid, SIGSTOP) }
                defer { for pid in (try? processes(of: replica.pid)) ?? [] { kill(pid, SIGCONT) } }
                try service.load(1)
                try await expectReplicaBehind(service)
            }
        }
    }

    @Test func `a replica that has never said anything is behind since it came`() async throws {
        let settings = ["HEALTHCHECK_REPLICA_LAG": "1", "DB_USER": "postgres"]
        try await withPrivateService(settings, databaseSettings: ["wal_level": "replica"]) { service in
            let here = try #require(try service.database.run("SELECT pg_current_wal_lsn()").rows.first?.first ?? nil)
            var replica = try service.database.connect(asReplica: true)
            #expect(throws: PostgresFailure.self, "it goes on as a stream, which is no query's answer") {
                try replica.query("START_REPLICATION PHYSICAL \(here)", before: Deadline(after: .seconds(10)))
            }
            try await expectReplicaBehind(service)
            withExtendedLifetime(replica) {}
        }
    }

    private func expectReplicaBehind(_ service: PrivateService, isolation: isolated (any Actor)? = #isolation)
        async throws
    {
        try await eventually("it is behind", within: .seconds(30)) {
            let found = try await report(service, only: [.replicas])[.replicas]
            return found?.level == .warning || found?.level == .critical
        }
    }

    private func processes(of postmaster: pid_t) throws -> [pid_t] {
        let children = try String(contentsOfFile: "/proc/\(postmaster)/task/\(postmaster)/children", encoding: .utf8)
        return [postmaster] + children.split(separator: " ").compactMap { pid_t($0) }
    }

    @Test func `hung servers cost the time-out, and each is named`() async throws {
        try await withPrivateService(databaseSettings: ["max_connections": "20"]) { service in
            let settings = ["HEALTHCHECK_URL": service.nginx.site, "HEALTHCHECK_TIMEOUT": "2", "HEALTH_TIMEOUT": "1"]
            try service.configure(settings)
            _ = try await service.monitor()
            let nginx = try #require(service.nginx.master).pid
            let stopped = [service.database.pid] + (try workers(of: service.nginx)) + [nginx]
            for pid in stopped { kill(pid, SIGSTOP) }
            defer { for pid in stopped { kill(pid, SIGCONT) } }
            let begin = ContinuousClock.now
            let found = try await report(service, only: [.site, .database, .upstream, .lastRun])
            #expect(begin.duration(to: .now) < .seconds(8))
            #expect(found[.site]?.text == "no answer within 2.0 s", "\(found)")
            #expect(found[.site]?.level == .critical && found[.database]?.level == .critical)
            #expect(found[.upstream]?.level == .critical && found[.lastRun]?.level == .ok)
        }
    }

    private func workers(of nginx: PrivateNginx) throws -> [pid_t] {
        try processesWorking(in: nginx.folder).map(\.identity.pid)
    }

    @Test func `a run that is overdue, one that failed and hours at the maximum are seen`() async throws {
        try await withPrivateService(["MAX_BACKENDS": "2"]) { service in
            let never = try await report(service, only: [.lastRun])
            #expect(never[.lastRun]?.level == .critical, "\(never)")
            let now = Moment.now()
            func write(_ age: Int, status: Int32) throws {
                let start = Moment(wall: now.wall - age, sinceBoot: now.sinceBoot, boot: now.boot)
                var record = RunRecord(service: service.name, start: start, language: .english)
                record.activeBackends = 2
                record.exitStatus = status
                try service.history.append(record)
            }
            for minute in (4..<70).reversed() { try write(minute * 60, status: 0) }
            let late = try await report(service, only: [.lastRun, .maximum])
            #expect(late[.lastRun]?.level == .critical && late[.lastRun]?.text.contains("overdue") == true, "\(late)")
            #expect(late[.maximum]?.level == .warning && late[.maximum]?.text.hasPrefix("66 min at") == true, "\(late)")
            try service.configure(["MIN_BACKENDS": "2", "MAX_BACKENDS": "2"])
            let fixed = try await report(service, only: [.maximum])
            #expect(fixed[.maximum]?.level == .ok, "a fleet of fixed size is where it should be: \(fixed)")
            try write(30, status: 69)
            let failed = try await report(service, only: [.lastRun])
            #expect(failed[.lastRun]?.level == .warning, "\(failed)")
        }
    }

    @Test func `the days that a certificate has left are read, also of one that nobody trusts`() async throws {
        try await withTemporaryFolder { folder in
            for (name, days) in [("near", "10"), ("far", "100")] {
                let made = try await ChildProcess.run(
                    CommandWords(
                        "openssl req -x509 -newkey rsa:2048 -nodes -days \(days) -subj /CN=localhost "
                            + "-addext subjectAltName=IP:127.0.0.1 -keyout \(folder)/\(name).key -out \(folder)/\(name).pem"
                    ),
                    timeout: .seconds(60))
                #expect(made.termination.isSuccess, "\(made.summary)")
            }
            func site(_ name: String, trusting authority: String?) async throws -> [CheckName: HealthReport.Check] {
                let port = try freePort()
                let server = try RunningProcess(
                    "/usr/bin/openssl",
                    arguments: [
                        "s_server", "-accept", "127.0.0.1:\(port)", "-cert", "\(folder)/\(name).pem", "-key",
                        "\(folder)/\(name).key", "-www", "-quiet",
                    ])
                defer { server.end() }
                try await eventually("it listens") { try SocketTable().listeningPorts.contains(port) }
                let configuration = folder.appending("autoscale.conf")
                let authorities = authority.map { "HEALTHCHECK_CA_FILE=\(folder)/\($0).pem\n" } ?? ""
                try "HEALTHCHECK_URL=https://127.0.0.1:\(port)/\n\(authorities)".write(
                    toFile: configuration.string, atomically: true, encoding: .utf8)
                let output = try await BuiltBinary("healthcheck").run(
                    arguments: [
                        "--config", configuration.string, "--json", "--check", "site", "--check", "certificate",
                    ])
                let report = try JSONDecoder().decode(HealthReport.self, from: Data(output.stdout.utf8))
                return Dictionary(uniqueKeysWithValues: report.checks.map { ($0.name, $0) })
            }
            let far = try await site("far", trusting: "far")
            #expect(far[.site]?.level == .ok && far[.certificate]?.level == .ok, "\(far)")
            #expect(["99 days left", "100 days left"].contains(far[.certificate]?.text))
            let near = try await site("near", trusting: "near")
            #expect(near[.site]?.level == .ok && near[.certificate]?.level == .warning, "\(near)")
            let untrusted = try await site("near", trusting: "far")
            #expect(untrusted[.site]?.level == .critical, "\(untrusted)")
            #expect(["9 days left", "10 days left"].contains(untrusted[.certificate]?.text), "\(untrusted)")
        }
    }

    @Test func `in Spanish the findings are, and what could not be looked at, and the list`() async throws {
        try await withPrivateService { service in
            try service.configure([
                "LANGUAGE": "es", "HEALTHCHECK_URL": "http://127.0.0.1:1/", "DB_PASSWORD_FILE": "/nonexistent",
            ])
            let found = try await report(service, only: [.site, .certificate, .lastRun, .backup])
            #expect(found[.site]?.text == "conexión rechazada" && found[.site]?.level == .critical, "\(found)")
            #expect(found[.certificate]?.text == "el sitio no usa TLS")
            #expect(found[.lastRun]?.text.hasPrefix("no consta ninguna ejecución") == true)
            #expect(found[.backup]?.text == "aún no hay ninguna copia verificada")
            let blind = try await report(service, only: [.database, .replicas])
            #expect(blind.values.allSatisfy { $0.level == .unknown && $0.text.contains("no se pudo") }, "\(blind)")
            let list = try await check(service, ["--list"])
            #expect(list.stdout.contains("edad de la última copia verificada\n"))
        }
    }

    @Test func `wrong use and a bad configuration are unknown, with one line`() async throws {
        for arguments in [["--check", "nonsense"], ["--bogus"], ["--config", "/nonexistent"]] {
            let output = try await BuiltBinary("healthcheck").run(arguments: arguments)
            #expect(output.status == 3, "\(arguments): \(output)")
        }
        let list = try await BuiltBinary("healthcheck").run(arguments: ["--list"])
        #expect(list.status == 0)
        #expect(list.stdout.split(separator: "\n").count == CheckName.allCases.count)
        let help = try await BuiltBinary("healthcheck").run(arguments: ["--help"])
        #expect(help.status == 0 && help.stdout.contains("\nExit status:\n"))
    }
}
