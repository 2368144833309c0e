import Backups
import Connections
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// What comes back is what was there: `pg_dump` says of both, and knows nothing of our programs.
@Suite(.sharedDatabase)
struct RestoredDatabaseTests {
    @Test("a generated database comes back as pg_dump sees it, and a drill leaves nothing", arguments: 0..<8)
    func roundTrip(_ seed: Int) async throws {
        try await withPrivateBackups { backups in
            let database = GeneratedDatabase(seed: UInt64(seed))
            let copy = "Restored \"\(seed)\" \(backups.name)"
            defer { clean(backups, database, [database.name, copy]) }
            for statement in database.creation { try backups.server.run(statement) }
            for statement in database.contents { try backups.server.run(statement, database: database.name) }
            for statement in database.closing { try backups.server.run(statement) }
            try backups.configure(["DB_NAME": database.name])
            // What libpq reads from the environment bends none of it.
            let bent = [
                "PGOPTIONS": "-c statement_timeout=60s -c search_path=nowhere -c row_security=on",
                "PGCLIENTENCODING": "LATIN1", "PGDATESTYLE": "German",
            ]
            let run = try await backups.run(environment: bent)
            #expect(run.status == 0, "\(run)")
            let drill = try await backups.run("drill", environment: bent)
            #expect(drill.status == 0, "\(drill)")
            let name = try #require(try await backups.listing().first).name
            let restore = try await backups.run("restore", name, "--into", copy, environment: bent)
            #expect(restore.status == 0 && restore.stdout.contains("are all there"), "\(restore)")
            let before = try await lines(of: database.name, backups)
            let after = try await lines(of: copy, backups)
            #expect(before.count > 100)
            #expect(
                before == after,
                "gone: \(before.filter { !after.contains($0) }), new: \(after.filter { !before.contains($0) })")
            let left = try backups.server.run(
                "SELECT 1 FROM pg_database WHERE datname LIKE 'autoscale\\_%\\_\(backups.name)\\_%'")
            #expect(left.count == 0)
        }
    }

    private func clean(_ backups: PrivateBackups, _ database: GeneratedDatabase, _ names: [String]) {
        for name in names {
            _ = try? backups.server.run("ALTER DATABASE \(GeneratedDatabase.quoted(name)) IS_TEMPLATE false")
            _ = try? backups.server.run("DROP DATABASE \(GeneratedDatabase.quoted(name)) WITH (FORCE)")
        }
        for role in database.roles { _ = try? backups.server.run("DROP ROLE \(GeneratedDatabase.quoted(role))") }
    }

    /// All of `pg_dump --create`, data too, in the bytes of its encoding, without the name; sorted, as rights have no order.
    private func lines(of database: String, _ backups: PrivateBackups) async throws -> [String] {
        let file = backups.folder.appending("text-\(UInt32.random(in: .min ... .max))")
        let dump = try await ChildProcess.run(
            CommandWords(
                program: backups.programs.appending("pg_dump").string,
                arguments: ["--create", "--file=\(file)", "--dbname=dbname='\(escaped(database))'"]),
            environment: backups.server.environment(), timeout: .seconds(60))
        #expect(dump.termination.isSuccess, "\(dump.summary)")
        let bytes = try Data(contentsOf: URL(filePath: file.string))
        let text = try #require(String(data: bytes, encoding: .isoLatin1))
        return text.split(separator: "\n").filter { !$0.hasPrefix("--") && !$0.hasPrefix("\\") }
            .map { $0.replacingOccurrences(of: GeneratedDatabase.quoted(database), with: "NAME") }.sorted()
    }

    private func escaped(_ name: String) -> String {
        name.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "'", with: "\\'")
    }

    @Test func `clients that write as soon as there is a database change no count`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 200000) i; CREATE TABLE s(i int)")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let copy = "\(backups.name)_copy"
            defer { _ = try? backups.server.run("DROP DATABASE IF EXISTS \(copy) WITH (FORCE)") }
            let server = backups.server
            let clients = (0..<3).map { _ in
                Task.detached {
                    while !Task.isCancelled {
                        _ = try? server.run("INSERT INTO s VALUES (1)", database: copy)
                        await Task.yield()
                    }
                }
            }
            let restore = try await backups.run("restore", name, "--into", copy)
            #expect(restore.status == 0 && restore.stdout.contains("are all there"), "\(restore)")
            try await eventually("a client has written") {
                try server.run("SELECT 1 FROM s LIMIT 1", database: copy).count == 1
            }
            for client in clients {
                client.cancel()
                await client.value
            }
        }
    }

    @Test func `what was restored stays though its rows differ, and the exit status says so`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 10) i")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            var manifest = try backups.manifest(name)
            manifest.tables[0].rows += 1
            try BackupFolder(backups.backups).save(manifest, as: try #require(BackupName(name)))
            let copy = "\(backups.name)_copy"
            defer { _ = try? backups.server.run("DROP DATABASE IF EXISTS \(copy) WITH (FORCE)") }
            let restore = try await backups.run("restore", name, "--into", copy)
            #expect(restore.status == 3, "\(restore)")
            #expect(restore.stdout.contains(#""public"."t" has 10 instead of 11 rows"#), "\(restore)")
            #expect(!restore.stdout.contains("all there"))
            #expect(try backups.server.run("SELECT count(*) FROM t", database: copy).rows == [["10"]])
        }
    }

    @Test func `a restore that is killed leaves nothing, or what the next one sweeps or names`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 100000) i")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let copy = "\(backups.name)_copy"
            func drop() { _ = try? backups.server.run("DROP DATABASE IF EXISTS \(copy) WITH (FORCE)") }
            func scratch() throws -> [String] {
                try backups.server.run(
                    "SELECT datname FROM pg_database WHERE datname LIKE 'autoscale\\_restore\\_\(backups.name)\\_%'"
                ).rows.compactMap { $0.first ?? nil }
            }
            defer { drop() }
            for milliseconds in stride(from: 40, through: 520, by: 120) {
                try await backups.withRunning("restore", name, "--into", copy) { process in
                    try await Task.sleep(for: .milliseconds(milliseconds))  // a different moment each time
                    process.send(SIGKILL)
                    try await eventually("it is dead") { !process.isRunning }
                }
                try await eventually("its pg_restore has ended") {
                    try backups.server.run(
                        "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'autoscale%'"
                    ).count == 0
                }
                let left = try scratch()
                if try backups.server.run("SELECT 1 FROM pg_database WHERE datname = '\(copy)'").count > 0 {
                    #expect(left.isEmpty)
                    #expect(try backups.server.run("SELECT count(*) FROM t", database: copy).rows == [["100000"]])
                }
                drop()
                let next = try await backups.run("restore", name, "--into", copy)
                #expect(next.status == 0, "\(next)")
                for database in try scratch() {
                    #expect(left.contains(database) && next.stdout.contains("\(database) was restored completely"))
                    try backups.server.run("DROP DATABASE \(database)")
                }
                drop()
            }
        }
    }

    @Test func `a database that is there keeps what it has, and the difference is said with its statement`()
        async throws
    {
        try await withPrivateBackups { backups in
            let copy = "\(backups.name)_copy"
            defer { _ = try? backups.server.run("DROP DATABASE IF EXISTS \(copy) WITH (FORCE)") }
            try backups.sql("CREATE TABLE t(i int); ALTER DATABASE \(backups.name) SET search_path = app, public")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            try backups.server.run("CREATE DATABASE \(copy) TEMPLATE template0")
            let first = try await backups.run("restore", name, "--into", copy)
            #expect(first.status == 3, "\(first)")
            let statement = "ALTER DATABASE \"\(copy)\" SET search_path TO 'app', 'public';"
            #expect(first.stdout.contains(statement), "\(first)")
            try backups.server.run(statement)
            let again = try await backups.run("restore", name, "--into", copy, "--clean", "--yes")
            #expect(again.status == 0, "\(again)")

            try backups.server.run("DROP DATABASE \(copy)")
            try backups.server.run("CREATE DATABASE \(copy) TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
            let refused = try await backups.run("restore", name, "--into", copy)
            #expect(refused.status == 64 && refused.stdout.contains("SQL_ASCII"), "\(refused)")
            #expect(try backups.server.run("SELECT 1 FROM pg_class WHERE relname = 't'", database: copy).count == 0)
        }
    }
}
