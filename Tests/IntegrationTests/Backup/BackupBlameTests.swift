import Backups
import Connections
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Whose fault it is that a backup does not come back: damage, the key, a program, a role, somebody's lock. What is not
/// damage marks nothing as damaged.
@Suite(.sharedDatabase)
struct BackupBlameTests {
    @Test func `whoever holds a lock is named, with what ends him, and nothing has changed`() async throws {
        try await withPrivateBackups(["BACKUP_TIMEOUT": "6"]) { backups in
            try backups.sql("CREATE TABLE a(i int); INSERT INTO a VALUES (1); CREATE TABLE z(i int)")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            var session: PostgresConnection? = try backups.server.connect(database: backups.name)
            let pid = try session?.query(
                "BEGIN; SELECT pg_backend_pid() FROM a", before: Deadline(after: .seconds(5))
            ).rows.first?.first.flatMap(\.self)
            let began = ContinuousClock.now
            let restore = try await backups.run("restore", name, "--into", backups.name, "--clean", "--yes")
            #expect(began.duration(to: .now) < .seconds(6), "it waits for its own limit, not for the time-out")
            session = nil
            #expect(restore.status == 1, "\(restore)")
            let words = "Session \(pid ?? "?") (postgres, test, idle in transaction, for "
            #expect(restore.stdout.contains(words), "\(restore)")
            #expect(restore.stdout.contains("pg_terminate_backend(\(pid ?? "?"))"), "\(restore)")
            #expect(try backups.server.run("SELECT * FROM a", database: backups.name).rows == [["1"]])
            #expect(try await backups.run("restore", name, "--into", backups.name, "--clean", "--yes").status == 0)
        }
    }

    private func key(_ path: FilePath) async throws -> String {
        let made = try await ChildProcess.run(
            CommandWords(program: "age-keygen", arguments: ["-o", path.string]), timeout: .seconds(10))
        return try #require(made.errorOutput.split(separator: " ").last.map(String.init))
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `a wrong key is the key's fault`() async throws {
        try await withPrivateBackups { backups in
            let right = backups.folder.appending("right.key")
            let wrong = backups.folder.appending("wrong.key")
            let recipient = try await key(right)
            _ = try await key(wrong)
            try backups.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i")
            try backups.configure(["BACKUP_ENCRYPT_TO": recipient, "BACKUP_IDENTITY_FILE": right.string])
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            try backups.configure(["BACKUP_ENCRYPT_TO": recipient, "BACKUP_IDENTITY_FILE": wrong.string])
            for words in [["verify"], ["drill"], ["restore", name, "--into", "\(backups.name)_copy"]] {
                let run = try await backups.command.run(
                    arguments: words + ["--config", backups.configuration.string])
                #expect(run.status == 78, "\(words): \(run)")
                #expect(run.stdout.contains("can't be decrypted with \(wrong)"), "\(words): \(run)")
                let manifest = try backups.manifest(name)
                #expect(manifest.damage == nil && manifest.drillFailure == nil && manifest.verification != nil)
            }
            try backups.configure(["BACKUP_ENCRYPT_TO": recipient, "BACKUP_IDENTITY_FILE": right.string])
            #expect(try await backups.run("drill").status == 0)
        }
    }

    @Test func `a missing pg_restore, and one that is too old, are the program's fault`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t(i int)")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let program = try backups.standIn("exec $real \"$@\"")
            try FileManager.default.removeItem(
                atPath: program.removingLastComponent().appending("pg_restore").string)
            try backups.configure(["BACKUP_PG_DUMP": program.string])
            for words in [["verify"], ["drill"], ["restore", name, "--into", "\(backups.name)_copy"]] {
                let run = try await backups.command.run(
                    arguments: words + ["--config", backups.configuration.string])
                #expect(run.status == 69 && run.stdout.contains("pg_restore"), "\(words): \(run)")
                #expect(try backups.manifest(name).damage == nil)
            }
            let old = try backups.standIn("echo 'pg_dump (PostgreSQL) 12.4'")
            try backups.configure(["BACKUP_PG_DUMP": old.string])
            let verify = try await backups.run("verify")
            #expect(verify.status == 69 && verify.stdout.contains("is older"), "\(verify)")
            #expect(try backups.manifest(name).damage == nil)
        }
    }

    @Test func `what takes too long is not damaged`() async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t(i int)")
            #expect(try await backups.run().status == 0)
            let name = try #require(try await backups.listing().first).name
            let program = try backups.standIn("exec $real \"$@\"")
            let slow = program.removingLastComponent().appending("pg_restore")
            try FileManager.default.removeItem(atPath: slow.string)
            try "#!/bin/sh\nexec sleep 60\n".write(toFile: slow.string, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: slow.string)
            try backups.configure(["BACKUP_PG_DUMP": program.string, "BACKUP_TIMEOUT": "1"])
            let verify = try await backups.run("verify")
            #expect(verify.status == 1 && verify.stdout.contains("BACKUP_TIMEOUT"), "\(verify)")
            #expect(try backups.manifest(name).damage == nil)
        }
    }

    @Test func `a role with settings of its own counts as pg_dump reads`() async throws {
        try await withPrivateBackups { backups in
            let role = "\(backups.name)_bent"
            try backups.sql(
                """
                CREATE ROLE \(role) SUPERUSER LOGIN; ALTER ROLE \(role) SET statement_timeout = '1ms';
                ALTER ROLE \(role) SET default_transaction_read_only = on; ALTER ROLE \(role) SET lock_timeout = '1ms';
                ALTER ROLE \(role) SET search_path = nowhere; ALTER ROLE \(role) SET row_security = on;
                ALTER ROLE \(role) SET client_encoding = 'LATIN1'; ALTER ROLE \(role) SET quote_all_identifiers = on;
                ALTER ROLE \(role) SET default_transaction_isolation = 'serializable';
                ALTER ROLE \(role) SET idle_in_transaction_session_timeout = '1ms';
                ALTER ROLE \(role) SET standard_conforming_strings = off;
                CREATE TABLE "東"(i text); INSERT INTO "東" SELECT '京' FROM generate_series(1, 1000)
                """)
            let copy = "\(backups.name)_copy"
            defer {
                _ = try? backups.server.run("DROP DATABASE IF EXISTS \(copy) WITH (FORCE)")
                _ = try? backups.server.run("DROP ROLE \(role)")
            }
            try backups.configure(["DB_USER": role])
            let run = try await backups.run()
            #expect(run.status == 0, "\(run)")
            let drill = try await backups.run("drill")
            #expect(drill.status == 0 && drill.stdout.contains("1000 rows in 1 table "), "\(drill)")
            let name = try #require(try await backups.listing().first).name
            let restore = try await backups.run("restore", name, "--into", copy)
            #expect(restore.status == 0, "\(restore)")
        }
    }
}
