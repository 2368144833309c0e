import Backups
import Connections
import Foundation
import SystemPackage
import TestSupport
import Testing

/// A drill leaves nothing behind, touches nothing around it, and what it found out stays known.
@Suite(.sharedDatabase)
struct BackupDrillTests {
    private func scratch(of backups: PrivateBackups, on server: PrivatePostgres? = nil) throws -> Int {
        try (server ?? backups.server).run(
            "SELECT 1 FROM pg_database WHERE datname LIKE 'autoscale\\_drill\\_\(backups.name)\\_%'"
        ).count
    }

    @Test func `subscriptions, publications, event triggers and their like are left out`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql(
                """
                CREATE TABLE s(i int PRIMARY KEY); INSERT INTO s VALUES (1);
                CREATE PUBLICATION p FOR ALL TABLES;
                CREATE SUBSCRIPTION \(backups.name) CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p
                WITH (connect = false);
                CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'fired in a drill'; END $$;
                CREATE EVENT TRIGGER no ON ddl_command_start EXECUTE FUNCTION no();
                COMMENT ON EVENT TRIGGER no IS 'x';
                """)
            defer {
                _ = try? backups.sql(
                    "DROP EVENT TRIGGER no; ALTER SUBSCRIPTION \(backups.name) SET (slot_name = NONE); DROP SUBSCRIPTION \(backups.name)"
                )
            }
            #expect(try await backups.run().status == 0)
            for _ in 0..<2 {
                let drill = try await backups.run("drill")
                #expect(drill.status == 0, "\(drill)")
                #expect(try scratch(of: backups) == 0)
            }
        }
    }

    @Test func `one that an earlier version left with a subscription in it is dropped, too`() async throws {
        try await withPrivateBackups { backups in
            #expect(try await backups.run().status == 0)
            let left = "autoscale_drill_\(backups.name)_0123456789ab"
            try backups.server.run("CREATE DATABASE \(left)")
            try backups.server.run(
                "CREATE SUBSCRIPTION \"le ft\" CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false)",
                database: left)
            let drill = try await backups.run("drill")
            #expect(drill.status == 0, "\(drill)")
            #expect(try scratch(of: backups) == 0)
        }
    }

    @Test func `an empty server needs neither roles nor tablespaces, and what is left out is said`() async throws {
        try await withPrivateBackups { backups in
            let role = "\(backups.name)_rw"
            try backups.sql(
                """
                CREATE ROLE \(role); CREATE TABLE t(i int, who text); INSERT INTO t VALUES (1, 'a');
                ALTER TABLE t OWNER TO \(role); GRANT SELECT ON t TO \(role);
                ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY;
                CREATE POLICY p ON t TO \(role) USING (who = current_user); COMMENT ON POLICY p ON t IS 'x';
                """)
            let folder = try backups.server.folder(named: "ts")
            defer {
                _ = try? backups.sql("DROP TABLE t, f; DROP ROLE \(role)")
                _ = try? backups.server.run("DROP TABLESPACE \(backups.name)")
            }
            try backups.server.run("CREATE TABLESPACE \(backups.name) LOCATION '\(folder)'")
            try backups.sql("CREATE TABLE f(i int) TABLESPACE \(backups.name)")
            try await withPrivatePostgres { other in
                try backups.configure([
                    "BACKUP_DRILL_HOST": "127.0.0.1", "BACKUP_DRILL_PORT": "\(other.port)",
                    "BACKUP_DRILL_USER": "postgres",
                ])
                #expect(try await backups.run().status == 0)
                let drill = try await backups.run("drill")
                #expect(drill.status == 0 && drill.stdout.contains("left out of this drill"), "\(drill)")
                #expect(drill.stdout.contains(role) && drill.stdout.contains("1 row in 2 tables"), "\(drill)")
                #expect(try scratch(of: backups, on: other) == 0)
                #expect(try other.run("SELECT 1 FROM pg_roles WHERE rolname = '\(role)'").count == 0)
                // A restore needs them, and says all that is missing before it makes anything.
                try backups.configure(["DB_PORT": "\(other.port)", "DB_NAME": "postgres"])
                let name = try #require(FolderSnapshot(of: backups.backups).names.first { $0.hasSuffix(".json") })
                let restore = try await backups.run("restore", String(name.dropLast(5)), "--into", "copy")
                #expect(restore.status == 1, "\(restore)")
                #expect(restore.stdout.contains("role \"\(role)\" does not exist"), "\(restore)")
                #expect(restore.stdout.contains("tablespace \"\(backups.name)\" does not exist"), "\(restore)")
                #expect(restore.stdout.contains(".globals.sql"), "the next step is named")
                #expect(try other.run("SELECT 1 FROM pg_database").count == 3)
            }
        }
    }

    @Test func `a drill asks for room and does not start without`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t(i int)")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            var manifest = try backups.manifest(name)
            #expect(manifest.databaseBytes ?? 0 > 1 << 20)
            manifest.databaseBytes = 1 << 58
            try BackupFolder(backups.backups).save(manifest, as: try #require(BackupName(name)))
            let drill = try await backups.run("drill")
            #expect(drill.status == 74, "\(drill)")
            #expect(drill.stdout.contains("free in") && drill.stdout.contains("BACKUP_DRILL_HOST"), "\(drill)")
            #expect(try scratch(of: backups) == 0)
            #expect(try backups.manifest(name).drillFailure == nil, "a full disk says nothing about the backup")
        }
    }

    @Test func `a failed drill marks the backup for list and healthcheck until one passes`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 10) i")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let good = try backups.manifest(name)
            var manifest = good
            manifest.tables[0].rows += 1
            try BackupFolder(backups.backups).save(manifest, as: try #require(BackupName(name)))
            #expect(try await backups.run("drill").status == 1)
            let why = try #require(try backups.manifest(name).drillFailure).why
            #expect(why.contains("10 instead of 11 rows"))
            let list = try await backups.run("list")
            #expect(list.stdout.contains("DRILL FAILED") && !list.stdout.contains("read in full"), "\(list)")
            func health() async throws -> String {
                try await BuiltBinary("healthcheck").run(
                    arguments: ["--check", "backup", "--config", backups.configuration.string]
                ).stdout
            }
            let warning = try await health()
            #expect(warning.contains("WARNING") && warning.contains("the last drill failed"), "\(warning)")
            // A newer backup that nobody drilled proves nothing.
            #expect(try await backups.run().status == 0)
            #expect(try await health().contains("the last drill failed"))
            let drill = try await backups.run("drill")
            #expect(drill.status == 0, "\(drill)")
            #expect(try await !health().contains("the last drill failed"))
        }
    }

    @Test func `a drill that finds other bytes marks the backup as damaged`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let path = URL(filePath: "\(backups.backups)/\(name).dump")
            var bytes = try Data(contentsOf: path)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: path)
            let drill = try await backups.run("drill", name)
            #expect(drill.status == 1 && !drill.stdout.contains("Verified"), "\(drill)")
            let manifest = try backups.manifest(name)
            #expect(manifest.damage != nil && manifest.verification == nil)
            #expect(try await backups.run("list").stdout.contains("NOT GOOD"))
        }
    }
}
