import Backups
import Foundation
import Host
import SeededRandom
import SystemPackage
import TestSupport
import Testing

/// One folder and one store for several services, on two servers that have databases of the same name: whatever one of them
/// does, the others' backups are as they were.
@Suite(.sharedDatabase, .sharedStore)
struct SharedFolderTests {
    private struct Service {
        let name: String
        let configuration: FilePath
        let backups: PrivateBackups
        let environment: [String: String]

        func run(_ program: String, _ arguments: String...) async throws -> ProcessOutput {
            try await BuiltBinary(program).run(
                arguments: arguments + ["--config", configuration.string],
                environment: RunningProcess.cronEnvironment.merging(environment) { $1 }, workingDirectory: "/",
                timeout: .seconds(120))
        }
    }

    /// Another service's configuration beside the first one's, with a state folder of its own and the default BACKUP_DIR.
    private func service(
        _ name: String, in backups: PrivateBackups, _ settings: [String: String]
    ) throws -> Service {
        let path = backups.folder.appending("config").appending("\(name).conf")
        let all = [
            "SERVICE": name, "STATE_FILE": "state/\(name)/autoscale.json", "DB_HOST": "127.0.0.1",
            "DB_USER": "postgres", "DB_NAME": backups.name, "NGINX_UPSTREAM_FILE": "nginx/\(name).conf",
            "BACKUP_PG_DUMP": backups.programs.appending("pg_dump").string, "TARGET": "process",
            "BACKEND_COMMAND": "true", "CLEANUP_DISK_MIN_FREE": "0",
        ].merging(settings) { $1 }
        try all.map { "\($0.key)=\($0.value)\n" }.sorted().joined()
            .write(toFile: path.string, atomically: true, encoding: .utf8)
        return Service(
            name: name, configuration: path, backups: backups,
            environment: ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""])
    }

    /// Whose they are by the one table in them, which only the databases know.
    private func owners(_ backups: PrivateBackups) throws -> [String: String] {
        var owners: [String: String] = [:]
        for file in backups.files(endingWith: ".json") {
            let name = String(file.dropLast(5))
            owners[name] = try backups.manifest(name).tables.first?.name
        }
        return owners
    }

    private static let one = [
        "BACKUP_KEEP_LAST": "1", "BACKUP_KEEP_DAILY": "0", "BACKUP_KEEP_WEEKLY": "0", "BACKUP_KEEP_MONTHLY": "0",
        "BACKUP_KEEP_MIN": "1",
    ]

    private func rules(_ random: inout SplitMix64) -> [String: String] {
        [
            "BACKUP_KEEP_LAST": "\(1 + random.below(3))", "BACKUP_KEEP_DAILY": "0", "BACKUP_KEEP_WEEKLY": "0",
            "BACKUP_KEEP_MONTHLY": "0", "BACKUP_KEEP_MIN": "1",
        ]
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `whatever one service does, the backups of the others are as they were`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let rules = [rules(&random), rules(&random), rules(&random)]
        try await withPrivatePostgres(isCopy: false) { staging in
            try await withPrivateBackups { backups in
                try staging.run("CREATE DATABASE \(backups.name)")
                // The same database name on two servers, and a second database on the first.
                let other = "\(backups.name)_copy"
                try backups.server.run("CREATE DATABASE \(other)")
                defer { _ = try? backups.server.run("DROP DATABASE \(other) WITH (FORCE)") }
                let services = [
                    try service("prod", in: backups, rules[0].merging(["DB_PORT": "\(backups.server.port)"]) { $1 }),
                    try service("staging", in: backups, rules[1].merging(["DB_PORT": "\(staging.port)"]) { $1 }),
                    try service(
                        "copy", in: backups,
                        rules[2].merging(["DB_PORT": "\(backups.server.port)", "DB_NAME": other]) { $1 }),
                ]
                _ = try backups.server.run("CREATE TABLE prod(i int)", database: backups.name)
                _ = try staging.run("CREATE TABLE staging(i int)", database: backups.name)
                _ = try backups.server.run("CREATE TABLE copy(i int)", database: other)

                for service in services {
                    #expect(try await service.run("healthcheck", "--check", "backup").status == 1)
                }
                var made: [String: Int] = [:]
                for step in 0..<14 {
                    let service = services[step < 3 ? step : random.below(3)]
                    let before = try owners(backups)
                    let command = step < 3 ? 0 : random.below(6)
                    let output: ProcessOutput
                    switch command {
                    case 0, 1: output = try await service.run("backup")
                    case 2: output = try await service.run("backup", "prune")
                    case 3: output = try await service.run("cleanup")
                    case 4: output = try await service.run("backup", "drill")
                    default: output = try await service.run("backup", "verify", "--all")
                    }
                    #expect(output.status == 0, "step \(step), \(service.name): \(output)")
                    if command < 2 { made[service.name, default: 0] += 1 }
                    let after = try owners(backups)
                    for (name, owner) in before where owner != service.name {
                        #expect(after[name] == owner, "step \(step): \(service.name) removed \(name) of \(owner)")
                        let file = backups.backups.appending("\(name).dump")
                        #expect(FileManager.default.fileExists(atPath: file.string))
                    }
                }
                let all = try owners(backups)
                for (service, rules) in zip(services, rules) {
                    let limit = Int(rules["BACKUP_KEEP_LAST"] ?? "") ?? 0
                    #expect(try await service.run("backup", "prune").status == 0)
                    let mine = try owners(backups).filter { $0.value == service.name }
                    #expect(mine.count == min(limit, made[service.name] ?? 0), "\(all)")
                    let listing = try JSONDecoder().decode(
                        BackupListing.self, from: Data(try await service.run("backup", "list", "--json").stdout.utf8))
                    #expect(Set(listing.backups.map(\.name)) == Set(mine.keys))
                    #expect(try await service.run("healthcheck", "--check", "backup").status == 0)
                }
            }
        }
    }

    @Test func `two services that start together both make their backup, and neither sweeps the other's`() async throws
    {
        try await withPrivateBackups { backups in
            let port = ["DB_PORT": "\(backups.server.port)"]
            try backups.sql("CREATE TABLE t AS SELECT i, md5(i::text) x FROM generate_series(1, 300000) i")
            let services = [try service("one", in: backups, port), try service("two", in: backups, port)]
            let cleaning = try service("three", in: backups, port)
            async let first = services[0].run("backup")
            async let second = services[1].run("backup")
            var swept = ""
            for _ in 0..<4 { swept += try await cleaning.run("cleanup").stdout }
            let outputs = try await [first, second]
            #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
            #expect(!swept.contains("leftover"), "\(swept)")
            #expect(backups.files(endingWith: ".json").count == 2)
            #expect(backups.files(endingWith: ".part").isEmpty)
            let owners = try backups.files(endingWith: ".json").map {
                try backups.manifest(String($0.dropLast(5))).service
            }
            #expect(Set(owners) == ["one", "two"])
        }
    }

    @Test func `a part that a program still writes to is nobody's leftover, whatever became of its run`() async throws {
        try await withPrivateBackups { backups in
            #expect(try await backups.run().status == 0)
            let name = BackupName(database: backups.name, time: 1_700_000_000)
            let path = BackupFolder(backups.backups).part(name, .dump)
            try "half".write(toFile: path.string, atomically: true, encoding: .utf8)
            let writer = Optional(try RunLock(path))
            #expect(try BackupFolder(backups.backups).leftovers().isEmpty)
            let other = try service("other", in: backups, ["DB_PORT": "\(backups.server.port)"])
            for program in ["cleanup", "backup"] {
                #expect(try await other.run(program).status == 0)
                #expect(FileManager.default.fileExists(atPath: path.string), "\(program)")
            }
            release(writer)
            #expect(try await other.run("cleanup").status == 0)
            #expect(!FileManager.default.fileExists(atPath: path.string))
        }
    }

    private func release(_ lock: consuming RunLock?) {}

    @Test func `a renamed database makes the check fail, and its backups are named and left alone`() async throws {
        try await withPrivateBackups { backups in
            let port = "\(backups.server.port)"
            let old = try service("app", in: backups, ["DB_PORT": port])
            #expect(try await old.run("backup").status == 0)
            let files = FolderSnapshot(of: backups.backups)
            let renamed = try service("app", in: backups, ["DB_PORT": port, "DB_NAME": "no_such_database"])
            #expect(try await renamed.run("backup").status == 69)
            let check = try await renamed.run("healthcheck", "--check", "backup")
            #expect(check.status == 1 && check.stdout.contains("database \(backups.name)"), "\(check)")
            #expect(try await renamed.run("backup", "drill").status == 1)
            #expect(try await renamed.run("backup", "prune").status == 0)
            #expect(FolderSnapshot(of: backups.backups) == files)
        }
    }

    @Test func `another service's backup is restored where it is named, and over data only where that is agreed to`()
        async throws
    {
        try await withPrivateBackups { backups in
            let port = ["DB_PORT": "\(backups.server.port)"]
            try backups.sql("CREATE TABLE t AS SELECT 1 i")
            let chat = try service("chat", in: backups, port)
            let shop = try service("shop", in: backups, port)
            #expect(try await chat.run("backup").status == 0)
            let name = try #require(backups.files(endingWith: ".json").first).dropLast(5).description
            for command in ["drill", "verify"] {
                let refused = try await shop.run("backup", command, name)
                #expect(refused.status == 64 && refused.stdout.contains("service chat"), "\(refused)")
            }
            let copy = "\(backups.name)_restored"
            defer { _ = try? backups.server.run("DROP DATABASE IF EXISTS \(copy) WITH (FORCE)") }
            let restored = try await shop.run("backup", "restore", name, "--into", copy)
            #expect(restored.status == 0 && restored.stdout.contains("service chat"), "\(restored)")
            let over = try await shop.run("backup", "restore", name, "--into", copy, "--clean", "--yes")
            #expect(over.status == 64 && over.stdout.contains("--of chat"), "\(over)")
            let agreed = try await shop.run(
                "backup", "restore", name, "--into", copy, "--clean", "--yes", "--of", "chat")
            #expect(agreed.status == 0, "\(agreed)")
        }
    }

    @Test func `manifests that name no service count and stay, until they are claimed`() async throws {
        try await withPrivateBackups(Self.one) { backups in
            #expect(try await backups.run().status == 0)
            let folder = BackupFolder(backups.backups)
            for backup in try folder.backups() {
                var manifest = try #require(backup.manifest)
                manifest.service = nil
                manifest.systemIdentifier = nil
                try folder.save(manifest, as: backup.name)
            }
            let run = try await backups.run()
            #expect(run.status == 0 && run.stdout.contains("backup claim"), "\(run)")
            #expect(try folder.backups().count == 2)
            #expect(try await backups.run("claim").status == 0)
            #expect(try await backups.run("prune").status == 0)
            #expect(try folder.backups().count == 1)
        }
    }

    @Test func `two hosts that share a store thin out their own copies, and never overwrite each other's`() async throws
    {
        let bucket = try PrivateStore.bucket()
        try await withPrivatePostgres(isCopy: false) { staging in
            try await withPrivateBackups { backups in
                try staging.run("CREATE DATABASE \(backups.name)")
                let settings = bucket.settings.merging(Self.one) { $1 }
                // The same service name on two hosts: only the server's identifier tells them apart.
                let hosts = try [(backups.server.port, "one"), (staging.port, "two")].map { port, folder in
                    let named = try service(
                        folder, in: backups,
                        settings.merging(["SERVICE": "app", "DB_PORT": "\(port)", "BACKUP_DIR": folder]) { $1 })
                    return Service(
                        name: folder, configuration: named.configuration, backups: backups,
                        environment: PrivateStore.shared?.environment ?? [:])
                }
                for _ in 0..<2 {
                    async let first = hosts[0].run("backup")
                    async let second = hosts[1].run("backup")
                    let outputs = try await [first, second]
                    #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
                }
                #expect(try await hosts[0].run("backup", "prune").status == 0)
                let manifests = try bucket.keys().filter { $0.hasSuffix(".json") }
                #expect(manifests.count == 2, "\(manifests)")
                for host in hosts {
                    let remote = try await host.run("backup", "list", "--remote", "--json")
                    let listing = try JSONDecoder().decode(BackupListing.self, from: Data(remote.stdout.utf8))
                    #expect(listing.backups.filter { !$0.isOthers }.count == 1, "\(remote)")
                    #expect(listing.backups.allSatisfy { $0.problem == nil })
                }
            }
        }
    }
}
