import Backups
import Connections
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// What goes wrong with backups in real life: full disks, damage, kills, other versions and wrong keys.
@Suite(.sharedDatabase)
struct BackupFailureTests {
    /// Nothing that could be taken for a backup, and nothing unfinished.
    private func expectNothing(_ backups: PrivateBackups, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(backups.files.isEmpty, "\(backups.files)", sourceLocation: sourceLocation)
    }

    @Test(
        "E1: 200 cuts and 200 flipped bytes are all found by verify", arguments: ["6", "0"])
    func damage(_ compression: String) async throws {
        try await withPrivateBackups(["BACKUP_COMPRESSION": compression]) { backups in
            try backups.sql("CREATE TABLE t AS SELECT i, md5(i::text) FROM generate_series(1, 500) i")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let bytes = try #require(FileManager.default.contents(atPath: "\(backups.backups)/\(name).dump"))
            let original = try #require(FileManager.default.contents(atPath: "\(backups.backups)/\(name).json"))
            let manifest = String(decoding: original, as: UTF8.self)
            var random = SystemRandomNumberGenerator()
            for number in 0..<400 {
                let copy = BackupName(database: backups.name, time: 1_600_000_000 + number).description
                var damaged = bytes
                if number < 200 {
                    damaged = damaged.prefix(
                        number == 0 ? bytes.count - 1 : Int.random(in: 0..<bytes.count, using: &random))
                } else {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    damaged[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
                }
                try damaged.write(to: URL(filePath: "\(backups.backups)/\(copy).dump"))
                try FileManager.default.copyItem(
                    atPath: "\(backups.backups)/\(name).globals.sql", toPath: "\(backups.backups)/\(copy).globals.sql")
                try manifest.replacing(name, with: copy).write(
                    toFile: "\(backups.backups)/\(copy).json", atomically: true, encoding: .utf8)
            }
            let check = try await backups.run("verify", "--all", "--json")
            #expect(check.status == 1)
            let report = try JSONDecoder().decode(BackupCheckReport.self, from: Data(check.stdout.utf8))
            #expect(report.backups.count == 401)
            #expect(report.backups.filter(\.isGood).map(\.name) == [name])
            let prune = try await backups.run("prune")
            #expect(prune.status == 0 && prune.stdout.isEmpty, "damaged ones are not worth nothing, only unproven")
            let again = try await backups.listing()
            #expect(again.count { $0.problem != nil } == 400)
        }
    }

    @Test func `a dump that is cut while it is made, with exit status 0, never gets a name`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t AS SELECT i, md5(i::text) FROM generate_series(1, 2000) i")
            let whole = try backups.standIn("exec $real \"$@\"")
            try backups.configure(["BACKUP_PG_DUMP": whole.string])
            #expect(try await backups.run().status == 0)
            let size = try backups.manifest(try #require(try await backups.listing().first).name).dump.bytes
            for file in backups.files { try FileManager.default.removeItem(atPath: "\(backups.backups)/\(file)") }
            var cuts = [0, 1, 5, 100, size - 1, size - 2, size - 6]
            cuts += (1...13).map { size * $0 / 14 }
            for cut in cuts {
                _ = try backups.standIn(
                    "[ \"$1\" = --version ] && exec $real \"$@\"\n$real \"$@\" | head -c \(cut)\nexit 0")
                let run = try await backups.run()
                #expect(run.status == 1, "\(cut) of \(size): \(run)")
                expectNothing(backups)
            }
        }
    }

    @Test func `a server newer than pg_dump is refused before anything is written`() async throws {
        try await withPrivateBackups { backups in
            let old = try backups.standIn("echo 'pg_dump (PostgreSQL) 12.4'")
            try backups.configure(["BACKUP_PG_DUMP": old.string])
            let run = try await backups.run()
            #expect(run.status == 69)
            #expect(run.stdout.contains(try Regex(#"is version 12\.4 and the server is 1\d\.\d+"#)), "\(run)")
            expectNothing(backups)
        }
    }

    @Test func `a missing or broken pg_dump is named`() async throws {
        try await withPrivateBackups(["BACKUP_PG_DUMP": "/nonexistent/pg_dump"]) { backups in
            let run = try await backups.run()
            #expect(run.status == 69 && run.stdout.contains("/nonexistent"), "\(run)")
        }
    }

    @Test func `the database away is 69, a wrong password 77, and neither says the password`() async throws {
        try await withPrivateBackups(authentication: .password) { backups in
            let canary = "correcthorse"
            try backups.server.run("CREATE ROLE app LOGIN PASSWORD 'right'")
            try backups.configure(["DB_USER": "app", "DB_PASSWORD": canary])
            let wrong = try await backups.run()
            #expect(wrong.status == 77 && wrong.stdout.contains("28P01"), "\(wrong)")
            #expect(!wrong.stdout.contains(canary) && !wrong.stderr.contains(canary))
            try backups.configure(["DB_PORT": "1"])
            let away = try await backups.run()
            #expect(away.status == 69 && away.stdout.contains("Connection refused"), "\(away)")
            expectNothing(backups)
        }
    }

    @Test func `a table that the role may not read is named, and there is no half backup`() async throws {
        try await withPrivateBackups { backups in
            let role = "\(backups.name)_reader"
            try backups.sql(
                "CREATE TABLE open(a int); CREATE TABLE secret(a int); CREATE ROLE \(role) LOGIN; GRANT SELECT ON open TO \(role)"
            )
            try backups.configure(["DB_USER": role])
            let run = try await backups.run()
            #expect(run.status == 1 && run.stdout.contains("permission denied for table secret"), "\(run)")
            expectNothing(backups)

            try backups.sql("GRANT SELECT ON secret TO \(role)")
            let better = try await backups.run()
            #expect(better.status == 0, "\(better)")
            #expect(better.stdout.contains("\(role) may not read pg_authid"))
            #expect(backups.files(endingWith: ".globals.sql").isEmpty)
            try backups.sql("DROP OWNED BY \(role); DROP ROLE \(role)")
        }
    }

    @Test func `pg_terminate_backend in mid-dump leaves no backup`() async throws {
        try await withBlockedDump { backups, process in
            try backups.server.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = '\(backups.name)'"
            )
            let output = try await process.output()
            #expect(output.status == 1 && output.stdout.contains("terminating connection"), "\(output)")
            expectNothing(backups)
        }
    }

    @Test("a signal ends pg_dump, removes what is unfinished, and is the exit status", arguments: [SIGTERM, SIGINT])
    func signals(_ signal: Int32) async throws {
        try await withBlockedDump { backups, process in
            process.send(signal)
            let output = try await process.output(within: .seconds(10))
            #expect(output.status == 128 + signal, "\(output)")
            expectNothing(backups)
            try await eventually("no pg_dump is left") { try dumps(of: backups).isEmpty }
        }
    }

    @Test func `while the pg_dump of a killed run goes on, the next run does not start`() async throws {
        try await withBlockedDump { backups, process in
            process.send(SIGKILL)
            try await eventually("it is dead") { !process.isRunning }
            let busy = try await backups.run()
            #expect(busy.status == 75, "\(busy)")
            try backups.server.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = '\(backups.name)'"
            )
            try await eventually("it has ended") { try dumps(of: backups).isEmpty }
            try release(backups)
            let next = try await backups.run()
            #expect(
                next.status == 0 && next.stdout.contains("Unfinished files of an earlier run removed: 1"), "\(next)")
            #expect(backups.files(endingWith: ".part").isEmpty)
        }
    }

    @Test func `the password is in no argument, file or output while pg_dump runs`() async throws {
        try await withPrivateBackups(authentication: .password) { backups in
            let canary = "correcthorsebattery"
            try backups.server.run("CREATE ROLE app SUPERUSER LOGIN PASSWORD '\(canary)'")
            let file = backups.folder.appending("password")
            try "\(canary)\n".write(toFile: file.string, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.string)
            try backups.configure(["DB_USER": "app", "DB_PASSWORD_FILE": file.string])
            try await whileBlocked(backups) { process in
                for path in try FileManager.default.contentsOfDirectory(atPath: "/proc") where Int(path) != nil {
                    let words = FileManager.default.contents(atPath: "/proc/\(path)/cmdline") ?? Data()
                    #expect(words.range(of: Data(canary.utf8)) == nil, "/proc/\(path)/cmdline")
                }
                process.send(SIGTERM)
                let output = try await process.output()
                #expect(!output.stdout.contains(canary) && !output.stderr.contains(canary))
            }
            try release(backups)
            let run = try await backups.run("run", "--json")
            #expect(run.status == 0 && !run.stdout.contains(canary) && !run.stderr.contains(canary), "\(run)")
            for name in backups.files {
                let bytes = FileManager.default.contents(atPath: "\(backups.backups)/\(name)") ?? Data()
                #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(name)")
            }
        }
    }

    @Test func `too little space is seen before the dump starts`() async throws {
        try await withPrivateBackups { backups in
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let file = "\(backups.backups)/\(name).json"
            let bytes = "\"bytes\" : \(try backups.manifest(name).dump.bytes)"
            let manifest = try String(contentsOfFile: file, encoding: .utf8)
            try manifest.replacing(bytes, with: "\"bytes\" : \(1 << 58)").write(
                toFile: file, atomically: true, encoding: .utf8)
            let before = backups.files
            let run = try await backups.run()
            #expect(run.status == 74 && run.stdout.contains("one and a half times the last backup"), "\(run)")
            #expect(backups.files == before)
        }
    }

    @Test func `a disk that fills up in mid-dump is 74, and the last good backup stays`() async throws {
        try await withPrivateBackups { backups in
            try FileManager.default.createDirectory(atPath: backups.backups.string, withIntermediateDirectories: true)
            try await withSmallDisk(at: backups.backups, megabytes: 1) {
                #expect(try await backups.run().status == 0)
                let good = backups.files
                try backups.sql(
                    "CREATE TABLE t AS SELECT md5(i::text) || md5((i + 1)::text) FROM generate_series(1, 60000) i")
                let run = try await backups.run()
                #expect(run.status == 74 && run.stdout.contains("No space left on device"), "\(run)")
                #expect(backups.files == good)
                #expect(try await backups.run("verify").status == 0)
            }
        }
    }

    private func withSmallDisk(
        at path: FilePath, megabytes: Int, _ body: () async throws -> Void
    ) async throws {
        try #require(mount("none", path.string, "tmpfs", 0, "size=\(megabytes)m,mode=0700") == 0, "\(errno)")
        defer { umount2(path.string, Int32(MNT_DETACH)) }
        try await body()
    }

    // MARK: A dump that waits

    private func withBlockedDump(_ body: (PrivateBackups, RunningProcess) async throws -> Void) async throws {
        try await withPrivateBackups { backups in
            try await whileBlocked(backups) { try await body(backups, $0) }
        }
    }

    /// `pg_dump` waits for a lock on a table that another session holds.
    private func whileBlocked(
        _ backups: PrivateBackups, _ body: (RunningProcess) async throws -> Void
    ) async throws {
        try backups.sql("CREATE TABLE locked(a int)")
        var session: PostgresConnection? = try backups.server.connect(database: backups.name)
        _ = try session?.query("BEGIN; LOCK TABLE locked", before: Deadline(after: .seconds(5)))
        try await backups.withRunning { process in
            try await eventually("pg_dump waits for the table") {
                let waiting = try backups.server.run(
                    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '\(backups.name)'")
                return waiting.count > 0
            }
            try await body(process)
        }
        session = nil
    }

    /// Ends the session that holds the lock.
    private func release(_ backups: PrivateBackups) throws {
        try backups.server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test' AND datname = '\(backups.name)'"
        )
    }

    private func dumps(of backups: PrivateBackups) throws -> [String?] {
        try backups.server.run(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = '\(backups.name)'"
        ).rows.flatMap(\.self)
    }
}
