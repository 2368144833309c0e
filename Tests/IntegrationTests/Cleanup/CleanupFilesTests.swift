import Decisions
import Fleet
import Foundation
import Glibc
import Reporting
import Settings
import SystemPackage
import TestSupport
import Testing

@testable import Backups
@testable import Cleaning
@testable import Host

/// The built program on files; no Docker.
@Suite(.timeLimit(.minutes(3)))
struct CleanupFilesTests {
    private static let day = 86_400

    // MARK: Logs

    @Test func `a large log is renamed, then compressed, then removed, and a shell that holds it open loses no line`()
        async throws
    {
        try await withPrivateCleanup(["CLEANUP_LOG_MAX_SIZE": "100"]) { service in
            let log = service.logs.appending("autoscale.log")
            try service.write(String(repeating: "a line\n", count: 20), to: log)
            let shell = try FileDescriptor.open(log, .writeOnly, options: [.append])  // cron's
            let first = try await service.run()
            #expect(first.status == 0, "\(first)")
            let rotated = try #require(service.names(in: service.logs).first)
            #expect(service.names(in: service.logs).count == 1)
            #expect(first.stdout.contains("Renamed: autoscale.log to \(rotated)\n"), "\(first.stdout)")
            try shell.writeAll("the shell's\n".utf8)
            let second = try await service.run()
            #expect(second.status == 0)
            #expect(second.stdout.contains("A program still writes to \(rotated);"), "\(second.stdout)")
            #expect(service.names(in: service.logs) == [rotated])
            try shell.close()
            let third = try await service.run()
            #expect(third.stdout.contains("Compressed: \(rotated) ("), "\(third.stdout)")
            #expect(service.names(in: service.logs) == ["\(rotated).gz"])

            let old = "backup.log.\(service.stamp(secondsAgo: 31 * Self.day))"
            try service.write("x", to: service.logs.appending("\(old).gz"), age: 31 * Self.day)
            try service.write("x", to: service.logs.appending(old), age: 31 * Self.day)
            try service.write("x", to: service.logs.appending("shop.log"), age: 99 * Self.day)
            let fourth = try await service.run()
            #expect(
                fourth.stdout.hasSuffix("Cleanup done; removed, renamed or compressed: 2, freed: 2 B\n"),
                "\(fourth.stdout)")
            #expect(service.names(in: service.logs) == ["\(rotated).gz", "shop.log"])
        }
    }

    @Test func `logs of backends that ended go, and those of backends that run stay`() async throws {
        try await withPrivateCleanup { service in
            let prefix = "\(service.name)_backend"
            try service.write("x", to: service.logs.appending("\(prefix)_1.log"), age: 31 * Self.day)
            try service.write("x", to: service.logs.appending("\(prefix)_2.log"), age: 31 * Self.day)
            try service.write("x", to: service.logs.appending("\(prefix)_3.log"), age: 29 * Self.day)
            try service.write("x", to: service.logs.appending("other_backend_1.log"), age: 99 * Self.day)
            let backend = try FileDescriptor.open(
                service.logs.appending("\(prefix)_2.log"), .writeOnly, options: [.append])
            #expect(try await service.run().status == 0)
            #expect(
                service.names(in: service.logs)
                    == [
                        "\(prefix)_2.log", "\(prefix)_3.log", "other_backend_1.log",
                    ].sorted())
            try backend.close()
        }
    }

    @Test func `another cleanup in the same folder, or a folder that is a link, leaves the logs out`() async throws {
        try await withPrivateCleanup(["CLEANUP_LOG_MAX_SIZE": "1"]) { service in
            try service.write("xx", to: service.logs.appending("autoscale.log"))
            let other = try #require(try LogFolder(service.logs, backendPrefix: "app"))
            #expect(other.lock())
            let run = try await service.run()
            #expect(run.status == 3)
            #expect(run.stdout.contains("Left out: logs: another cleanup works in"), "\(run.stdout)")
            #expect(service.names(in: service.logs) == ["autoscale.log"])
            try FileManager.default.moveItem(
                atPath: service.logs.string, toPath: service.folder.appending("elsewhere").string)
            symlink(service.folder.appending("elsewhere").string, service.logs.string)
            let linked = try await service.run()
            #expect(linked.status == 3)
            #expect(linked.stdout.contains("is a symbolic link"))
            #expect(service.names(in: service.folder.appending("elsewhere")) == ["autoscale.log"])
        }
    }

    // MARK: History, state

    @Test func `history and state files set aside go after their days, and nothing else of the folder`() async throws {
        try await withPrivateCleanup { service in
            let history = service.stateFile.history.path
            let state = service.stateFile.folder
            let today = WallClock.utc(Int(Date().timeIntervalSince1970)).prefix(10)
            for name in [
                "2024-01-15.jsonl", "\(today).jsonl", "2024-02-30.jsonl", "2024-01-15.json", "9999-01-01.jsonl",
            ] {
                try service.write("{}\n", to: history.appending(name), age: 200 * Self.day)
            }
            symlink(service.configuration.string, history.appending("2023-01-15.jsonl").string)
            let old = service.stamp(secondsAgo: 31 * Self.day).replacing("_", with: "T")
            let young = service.stamp(secondsAgo: 29 * Self.day).replacing("_", with: "T")
            for name in [
                "autoscale.json.corrupt-\(old)Z", "autoscale.json.corrupt-\(old)Z_2",
                "autoscale.json.corrupt-\(young)Z",
                "autoscale.json.corrupt-", "shop.json.corrupt-\(old)Z", "upstream.conf.before-autoscale",
            ] {
                try service.write("{", to: state.appending(name), age: 31 * Self.day)
            }
            let run = try await service.run()
            #expect(run.status == 0, "\(run)")
            #expect(
                service.names(in: history)
                    == [
                        "2023-01-15.jsonl", "2024-01-15.json", "2024-02-30.jsonl", "9999-01-01.jsonl", "\(today).jsonl",
                    ].sorted())
            #expect(
                service.names(in: state) == [
                    "autoscale.conf.last-good", "autoscale.json.corrupt-", "autoscale.json.corrupt-\(young)Z",
                    "cleanup.lock", "history",
                    "shop.json.corrupt-\(old)Z", "upstream.conf.before-autoscale",
                ])
            #expect(FileManager.default.fileExists(atPath: service.configuration.string))
        }
    }

    // MARK: Backups

    /// A verified one that was made so many days ago.
    private func backup(_ service: PrivateCleanup, days: Int) throws -> String {
        let time = Int(Date().timeIntervalSince1970) - days * Self.day
        let name = BackupName(database: "app", time: time)
        var manifest = BackupManifest(
            database: "app", time: WallClock.utc(time), durationMilliseconds: 1,
            dump: .init(name: "\(name).dump", bytes: 4, sha256: ""), globals: nil, isEncrypted: false,
            serverVersion: "15", dumpVersion: "15", tables: [], verification: .init(.read, at: time), damage: nil)
        manifest.service = service.name
        manifest.systemIdentifier = "7301"
        try service.write("dump", to: service.backups.appending("\(name).dump"))
        try BackupFolder(service.backups).save(manifest, as: name)
        return name.description
    }

    @Test func `backups go as BACKUP_KEEP says, and what a killed one left; not while one is under way`() async throws {
        let rules = [
            "BACKUP_KEEP_LAST": "2", "BACKUP_KEEP_DAILY": "0", "BACKUP_KEEP_WEEKLY": "0", "BACKUP_KEEP_MONTHLY": "0",
            "DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_NAME": "app",
        ]
        try await withPrivateCleanup(rules) { service in
            let none = try await service.run()
            #expect(none.status == 0)
            #expect(
                service.names(in: service.backups).isEmpty && !service.names(in: service.folder).contains("backups"))

            let names = try [1, 2, 3, 4].map { try backup(service, days: $0) }
            // The server is away: what the last backup wrote down says which it is.
            try service.write(
                """
                {"service": "\(service.name)", "database": "app", "systemIdentifier": "7301",
                 "configured": {"host": "127.0.0.1", "port": 1, "name": "app"}}
                """, to: service.stateFile.folder.appending("backup-source.json"))
            let part = ".app_20240115_143005.dump.part"
            try service.write("half", to: service.backups.appending(part))
            try service.write("half", to: service.backups.appending(".foreign.part"))
            let before = FolderSnapshot(of: service.backups)
            let lock = Optional(try RunLock(try service.load().places.backupLock))
            for arguments in [[], ["--dry-run"]] {
                let busy = try await service.command.run(
                    arguments: arguments + ["--config", service.configuration.string])
                #expect(busy.status == 0, "\(busy)")
                #expect((busy.stdout + busy.stderr).contains("Left to the next run: backups: a backup is under way"))
            }
            #expect(FolderSnapshot(of: service.backups) == before)
            release(lock)
            let planned = try await service.report("--dry-run")
            #expect(planned.planned.map(\.name) == [part, names[3], names[2]])
            #expect(FolderSnapshot(of: service.backups) == before)
            let run = try await service.report()
            #expect(run.exitStatus == 0, "\(run.events)")
            #expect(run.entries.filter(\.isDone).map(\.name) == [part, names[3], names[2]])
            #expect(
                service.names(in: service.backups)
                    == ([".foreign.part"] + names.prefix(2).flatMap { ["\($0).dump", "\($0).json"] }).sorted())
        }
    }

    private func release(_ lock: consuming RunLock?) {}

    // MARK: The run itself

    @Test func `without Docker the rest is done all the same, and a process target asks nothing of it`() async throws {
        try await withPrivateCleanup(["CLEANUP_LOG_MAX_SIZE": "1", "DOCKER_HOST": "unix:///absent.sock"]) { service in
            let log = service.logs.appending("autoscale.log")
            try service.write("xx", to: log)
            #expect(try await service.run().status == 0)
            #expect(!service.names(in: service.logs).contains("autoscale.log"))
            for settings in [["TARGET": "docker"], ["CLEANUP_VOLUMES": "anonymous"]] {
                try service.configure(
                    settings.merging(["CLEANUP_LOG_MAX_SIZE": "1", "DOCKER_HOST": "unix:///absent.sock"]) { $1 })
                try FileManager.default.removeItem(atPath: service.logs.string)
                try service.write("xx", to: log)
                let run = try await service.run()
                #expect(run.status == 3)
                #expect(
                    run.stdout.contains("Warning: Left out: Docker: unix:///absent.sock does not answer"),
                    "\(run.stdout)")
                #expect(run.stdout.contains("renamed or compressed: 1,"))
                #expect(!service.names(in: service.logs).contains("autoscale.log"))
            }
        }
    }

    @Test func `a second cleanup is 75, a state file of a newer version 65, of another service 78`() async throws {
        try await withPrivateCleanup(["CLEANUP_LOG_MAX_SIZE": "1"]) { service in
            try service.write("xx", to: service.logs.appending("autoscale.log"))
            try service.write(#"{"version":99}"#, to: service.stateFile.path)
            #expect(try await service.run().status == 65)
            try service.write(#"{"version":1,"service":"another"}"#, to: service.stateFile.path)
            #expect(try await service.run().status == 78)
            try FileManager.default.removeItem(atPath: service.stateFile.path.string)
            let lock = try RunLock(service.lock)
            let busy = try await service.run()
            #expect(busy.status == 75)
            #expect(busy.stdout.contains("Another cleanup is under way (it holds \(service.lock)); nothing was done"))
            #expect(service.names(in: service.logs) == ["autoscale.log"])
            withExtendedLifetime(lock) {}
            chmod(service.stateFile.folder.string, 0o777)
            #expect(try await service.run().status == 77)
        }
    }

    @Test func `SIGTERM ends it between two effects, with 143`() async throws {
        try await withPrivateCleanup(["CLEANUP_LOG_MAX_SIZE": "1"]) { service in
            let name = "autoscale.log.\(service.stamp(secondsAgo: 60))"
            try service.write("", to: service.logs.appending(name))
            try writeNoise(1 << 27, to: service.logs.appending(name))  // gzip has seconds of work with it
            try service.write("{}\n", to: service.stateFile.history.path.appending("2024-01-15.jsonl"))
            try await service.withRunning { process in
                try await eventually("it compresses") {
                    service.names(in: service.logs).contains("\(name).gz.part")
                }
                process.send(SIGTERM)
                let output = try await process.output()
                #expect(output.status == 143, "\(output)")
                #expect(
                    output.stdout.hasSuffix("Warning: Ended by a signal; the next run goes on\n"), "\(output.stdout)")
            }
            #expect(service.names(in: service.logs) == [name])
            #expect(service.names(in: service.stateFile.history.path) == ["2024-01-15.jsonl"])
        }
    }

    @Test func `with less free than is asked for, what is largest is named`() async throws {
        try await withPrivateCleanup(["CLEANUP_DISK_MIN_FREE": "99%"]) { service in
            try service.write(String(repeating: "x", count: 300_000), to: service.logs.appending("shop.log"))
            try service.write("{}\n", to: service.stateFile.history.path.appending("9999-01-15.jsonl"))
            let run = try await service.run()
            #expect(run.status == 0, "a warning only")
            let line = try #require(run.stdout.split(separator: "\n").first { $0.contains("CLEANUP_DISK_MIN_FREE") })
            #expect(line.contains("Warning: \(service.logs) has "))
            #expect(
                line.hasSuffix(
                    "Largest there: logs (\(service.logs)) 293 KiB, history (\(service.stateFile.history.path)) 3 B"),
                "\(line)")
            let report = try await service.report("--dry-run")
            #expect(report.lowDisks.map(\.path) == [service.logs.string])
            try service.configure(["CLEANUP_DISK_MIN_FREE": "0%"])
            #expect(try await !service.run().stdout.contains("CLEANUP_DISK_MIN_FREE"))
        }
    }

    @Test func `in Spanish, too`() async throws {
        try await withPrivateCleanup(["LANGUAGE": "es", "CLEANUP_LOG_MAX_SIZE": "1"]) { service in
            try service.write("xx", to: service.logs.appending("autoscale.log"))
            let plan = try await service.run("--dry-run")
            #expect(plan.stdout.contains("renombrar  registro  autoscale.log"), "\(plan.stdout)")
            let run = try await service.run()
            #expect(
                run.stdout.contains("Limpieza iniciada\n") && run.stdout.contains("comprimidos: 1,"))
        }
    }
}
