import Backups
import Connections
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// A backup's life on a real server: made, listed, read again, restored, thinned out.
@Suite(.sharedDatabase)
struct BackupRunTests {
    private static let contents = #"""
        CREATE TABLE orders(id serial PRIMARY KEY, note text);
        INSERT INTO orders(note) SELECT E'two\nlines \\. ' || i FROM generate_series(1, 1000) i;
        CREATE SCHEMA "we ird"; CREATE TABLE "we ird"."Ta""b.le"(a int);
        INSERT INTO "we ird"."Ta""b.le" VALUES (1), (2), (NULL);
        CREATE TABLE nothing(); CREATE TABLE parent(x int); CREATE TABLE child() INHERITS (parent);
        INSERT INTO child VALUES (1), (2);
        CREATE FUNCTION looks_like_data() RETURNS text LANGUAGE sql AS $$ SELECT '
        COPY public.orders (id, note) FROM stdin;
        1	x
        ' $$;
        """#

    @Test func `a backup is whole, counted, private and silent about nothing`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql(Self.contents)
            let run = try await backups.run()
            #expect(run.status == 0, "\(run)")
            #expect(run.stderr.isEmpty, "cron has no terminal")
            #expect(
                run.stdout.contains(try Regex(#"Backup done: \S+, .* 1005 rows in 5 tables, .*; kept: 1, removed: 0"#)))

            let name = try #require(try await backups.listing().first).name
            #expect(name.hasPrefix("\(backups.name)_20"))
            #expect(backups.files == ["\(name).dump", "\(name).globals.sql", "\(name).json"])
            let manifest = try backups.manifest(name)
            let rows = Dictionary(uniqueKeysWithValues: manifest.tables.map { ("\($0.schema).\($0.name)", $0.rows) })
            #expect(
                rows == [
                    "public.orders": 1000, "we ird.Ta\"b.le": 3, "public.nothing": 0, "public.parent": 0,
                    "public.child": 2,
                ])
            #expect(manifest.verification?.method == .read)
            #expect(manifest.dump.bytes == BackupFolder.size(of: backups.backups.appending("\(name).dump")))
            let globals = try String(
                contentsOfFile: backups.backups.appending("\(name).globals.sql").string, encoding: .utf8)
            #expect(globals.contains("CREATE ROLE postgres"))
        }
    }

    @Test func `files are 0600 and folders 0700, whatever the umask`() async throws {
        try await withPrivateBackups { backups in
            let result = try await ChildProcess.run(
                CommandWords(
                    program: "sh",
                    arguments: [
                        "-c", "umask 000; exec \"$@\"", "sh", backups.command.path.string, "--config",
                        backups.configuration.string,
                    ]), timeout: .seconds(30))
            #expect(result.termination.isSuccess, "\(result.summary)")
            #expect(try mode(of: backups.backups) == 0o700)
            #expect(!backups.files.isEmpty)
            for file in backups.files { #expect(try mode(of: backups.backups.appending(file)) == 0o600, "\(file)") }
            #expect(try mode(of: backups.lock) == 0o600)
        }
    }

    private func mode(of path: FilePath) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func `the checksum is that of sha256sum, and verify finds what was written`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql(Self.contents)
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let sum = try await ChildProcess.run(
                CommandWords(program: "sha256sum", arguments: [backups.backups.appending("\(name).dump").string]),
                timeout: .seconds(10))
            #expect(sum.output.hasPrefix(try backups.manifest(name).dump.sha256))
            for arguments in [["verify"], ["verify", name], ["verify", "--all"]] {
                let verified = try await backups.command.run(
                    arguments: arguments + ["--config", backups.configuration.string])
                #expect(verified.status == 0, "\(verified)")
                #expect(verified.stdout.contains("Verified by a full read: \(name), 1005 rows in 5 tables"))
            }
        }
    }

    @Test func `a drill restores, compares every table, drops its database and says how long it took`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql(Self.contents)
            try backups.sql("CREATE ROLE \(backups.name)_owner; ALTER TABLE orders OWNER TO \(backups.name)_owner")
            #expect(try await backups.run().status == 0)
            let left = "autoscale_drill_\(backups.name)_0123456789ab"
            try backups.server.run("CREATE DATABASE \(left)")  // of a drill that was killed
            let drill = try await backups.run("drill", "--json")
            #expect(drill.status == 0, "\(drill)")
            let report = try JSONDecoder().decode(RestoreReport.self, from: Data(drill.stdout.utf8))
            #expect(report.tables == 5 && report.rows == 1005 && report.seconds > 0)
            #expect(try databases(backups).filter { $0.hasPrefix("autoscale_drill_\(backups.name)") }.isEmpty)
            #expect(try backups.manifest(report.name ?? "").verification?.method == .restored)
            try backups.sql("REASSIGN OWNED BY \(backups.name)_owner TO postgres; DROP ROLE \(backups.name)_owner")
        }
    }

    private func databases(_ backups: PrivateBackups) throws -> [String] {
        try backups.server.run("SELECT datname FROM pg_database").rows.compactMap { $0.first ?? nil }
    }

    @Test func `a drill sees rows that are not there, and still drops its database`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql(Self.contents)
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            var manifest = try backups.manifest(name)
            let index = try #require(manifest.tables.firstIndex { $0.name == "orders" })
            manifest.tables[index].rows += 1
            try BackupFolder(backups.backups).save(manifest, as: try #require(BackupName(name)))
            let drill = try await backups.run("drill")
            #expect(drill.status == 1)
            #expect(drill.stdout.contains(#""public"."orders" has 1000 instead of 1001 rows"#))
            #expect(try databases(backups).allSatisfy { !$0.hasPrefix("autoscale_drill_\(backups.name)") })
        }
    }

    @Test func `a restore goes into a new or an empty database, and over another only when told twice`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql(Self.contents)
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let other = "\(backups.name)_other"
            defer { _ = try? backups.server.run("DROP DATABASE IF EXISTS \(other) WITH (FORCE)") }

            let look = try await backups.run("restore", name, "--into", other, "--dry-run")
            #expect(look.status == 0 && look.stdout.contains("a new database"))
            #expect(try !databases(backups).contains(other))
            let first = try await backups.run("restore", name, "--into", other)
            #expect(first.status == 0, "\(first)")
            #expect(try backups.server.run("SELECT count(*) FROM orders", database: other).rows == [["1000"]])

            try backups.server.run("DELETE FROM orders WHERE id > 10", database: other)
            let refused = try await backups.run("restore", name, "--into", other)
            #expect(refused.status == 64 && refused.stdout.contains("is not empty"))
            #expect(try await backups.run("restore", name, "--into", other, "--clean").status == 64)
            #expect(try backups.server.run("SELECT count(*) FROM orders", database: other).rows == [["10"]])
            let clean = try await backups.run("restore", name, "--into", other, "--clean", "--yes")
            #expect(clean.status == 0, "\(clean)")
            #expect(try backups.server.run("SELECT count(*) FROM orders", database: other).rows == [["1000"]])
        }
    }

    @Test func `a restore that fails leaves neither half of it nor its new database`() async throws {
        try await withPrivateBackups { backups in
            let role = "\(backups.name)_role"
            try backups.sql("\(Self.contents); CREATE ROLE \(role); ALTER TABLE orders OWNER TO \(role)")
            #expect(try await backups.run().status == 0)
            try backups.sql("ALTER TABLE orders OWNER TO postgres; DROP ROLE \(role)")
            let name = try #require(try await backups.listing().first).name
            let other = "\(backups.name)_other"
            let run = try await backups.run("restore", name, "--into", other)
            #expect(run.status == 1 && run.stdout.contains("role \"\(role)\" does not exist"), "\(run)")
            #expect(try !databases(backups).contains(other))
        }
    }

    @Test func `retention removes by the rules, shows it before, and never touches other files`() async throws {
        try await withPrivateBackups([
            "BACKUP_KEEP_LAST": "2", "BACKUP_KEEP_DAILY": "0", "BACKUP_KEEP_WEEKLY": "0", "BACKUP_KEEP_MONTHLY": "0",
        ]) { backups in
            for _ in 0..<2 { #expect(try await backups.run().status == 0) }
            let foreign = ["notes.txt", "\(backups.name)_20200101.dump", "other_20200101_000000.dump", ".hidden.part"]
            for name in foreign {
                try "x".write(toFile: backups.backups.appending(name).string, atomically: true, encoding: .utf8)
            }
            let oldest = try #require(try await backups.listing().last { $0.database == backups.name }).name
            #expect(try await backups.run().status == 0)
            let kept = try await backups.listing().filter { $0.database == backups.name }.map(\.name)
            #expect(kept.count == 2 && !kept.contains(oldest))
            #expect(Set(foreign).isSubset(of: backups.files))
            #expect(!backups.files.contains { $0.hasPrefix(oldest) })

            try backups.configure([
                "BACKUP_KEEP_LAST": "1", "BACKUP_KEEP_MIN": "1", "BACKUP_KEEP_DAILY": "0",
                "BACKUP_KEEP_WEEKLY": "0", "BACKUP_KEEP_MONTHLY": "0",
            ])
            let plan = try await backups.run("prune", "--dry-run")
            #expect(plan.stdout.contains("remove  \(kept[1])") && plan.stdout.contains("keep    \(kept[0])"), "\(plan)")
            #expect(try await backups.listing().count { $0.database == backups.name } == 2)
            #expect(try await backups.run("prune").status == 0)
            #expect(try await backups.listing().filter { $0.database == backups.name }.map(\.name) == [kept[0]])
        }
    }

    @Test func `an encrypted backup can be read with the identity only, and counts only then`() async throws {
        try await withPrivateBackups { backups in
            let key = backups.folder.appending("age.key")
            let made = try await ChildProcess.run(
                CommandWords(program: "age-keygen", arguments: ["-o", key.string]), timeout: .seconds(10))
            let recipient = try #require(made.errorOutput.split(separator: " ").last.map(String.init))
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let settings = ["BACKUP_ENCRYPT_TO": recipient, "BACKUP_KEEP_LAST": "1", "BACKUP_KEEP_DAILY": "0"]
            try backups.sql(Self.contents)
            try backups.configure(settings)
            let blind = try await backups.run()
            #expect(blind.status == 0 && blind.stdout.contains("is not verified"), "\(blind)")
            let name = try #require(try await backups.listing().first).name
            #expect(backups.files == ["\(name).dump.age", "\(name).globals.sql.age", "\(name).json"])
            let bytes = try #require(FileManager.default.contents(atPath: "\(backups.backups)/\(name).dump.age"))
            #expect(bytes.starts(with: Data("age-encryption.org/v1".utf8)))
            #expect(bytes.range(of: Data("orders".utf8)) == nil)
            #expect(try backups.manifest(name).verification == nil)
            #expect(try await backups.run("verify").status == 78, "it says what is missing")

            try backups.configure(settings.merging(["BACKUP_IDENTITY_FILE": key.string]) { $1 })
            #expect(try await backups.run("verify").status == 0)
            #expect(try backups.manifest(name).rows == 1005)
            let drill = try await backups.run("drill")
            #expect(drill.status == 0 && drill.stdout.contains("1005 rows in 5 tables"), "\(drill)")
            let again = try await backups.run()
            #expect(again.status == 0 && again.stdout.contains("1005 rows in 5 tables"), "\(again)")
        }
    }

    @Test func `in Spanish`() async throws {
        try await withPrivateBackups(["LANGUAGE": "es"]) { backups in
            let run = try await backups.run()
            #expect(run.stdout.contains("Copia de \(backups.name) iniciada") && run.stdout.contains("Copia terminada:"))
        }
    }
}
