package import Backups
import Foundation
package import SystemPackage

/// A database of a test's own, and a folder with the configuration that backs it up.
package struct PrivateBackups: Installed {
    package let installation: Installation
    package let server: PrivatePostgres
    /// The name of the database, and of the service.
    package let name: String

    package var backups: FilePath { folder.appending("backups") }
    package var lock: FilePath { folder.appending("state").appending("backup.lock") }
    /// The folder of PostgreSQL's own client programs; /usr/bin has wrappers that take much longer to start.
    package let programs: FilePath

    package func sql(_ statements: String) throws {
        _ = try server.run(statements, database: name)
    }

    /// What lies in the folder of the backups, hidden files too, sorted.
    package var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: backups.string)) ?? []).sorted()
    }

    package func files(endingWith ending: String) -> [String] { files.filter { $0.hasSuffix(ending) } }

    /// Newest first.
    package func listing(isolation: isolated (any Actor)? = #isolation) async throws -> [BackupListing.Entry] {
        let output = try await run("list", "--json")
        return try JSONDecoder().decode(BackupListing.self, from: Data(output.stdout.utf8)).backups
    }

    package func manifest(_ name: String) throws -> BackupManifest {
        let bytes = try Data(contentsOf: URL(filePath: backups.appending("\(name).json").string))
        return try JSONDecoder().decode(BackupManifest.self, from: bytes)
    }

    /// A program that stands in for `pg_dump`: a shell script, in which `$real` is the real one.
    /// - Returns: its path; its companions lie beside it.
    package func standIn(_ script: String) throws -> FilePath {
        let folder = folder.appending("programs")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        for name in ["pg_restore", "pg_dumpall"] where FolderSnapshot(of: folder).names.contains(name) == false {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(name).string, withDestinationPath: programs.appending(name).string)
        }
        let path = folder.appending("pg_dump")
        let text = "#!/bin/sh\nreal=\(programs.appending("pg_dump"))\n\(script)\n"
        try text.write(toFile: path.string, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.string)
        return path
    }
}

/// Runs the body with a database and its backups' folder, on the suite's server where it has the trait
/// `.sharedDatabase`, and removes all of it afterwards, also when the body throws.
package func withPrivateBackups<Result>(
    _ settings: [String: String] = [:], authentication: PrivatePostgres.Authentication = .trust,
    isolation: isolated (any Actor)? = #isolation, _ body: (PrivateBackups) async throws -> Result
) async throws -> Result {
    guard let server = PrivatePostgres.shared, authentication == .trust else {
        return try await withPrivatePostgres(authentication: authentication) { server in
            try await withPrivateBackups(settings, on: server, body)
        }
    }
    return try await withPrivateBackups(settings, on: server, body)
}

private func withPrivateBackups<Result>(
    _ settings: [String: String], on server: PrivatePostgres,
    isolation: isolated (any Actor)? = #isolation, _ body: (PrivateBackups) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let versions = "/usr/lib/postgresql"
        let newest = try FileManager.default.contentsOfDirectory(atPath: versions).compactMap { Int($0) }.max()
        let name = "b\(UInt32.random(in: .min ... .max))"
        let programs = FilePath("\(versions)/\(newest ?? 0)/bin")
        let defaults = [
            "SERVICE": name, "DB_HOST": "127.0.0.1", "DB_PORT": "\(server.port)", "DB_USER": "postgres",
            "DB_NAME": name, "BACKUP_PG_DUMP": programs.appending("pg_dump").string,
        ]
        let backups = PrivateBackups(
            installation: try Installation(
                in: folder, of: "backup", limit: .seconds(120), defaults: defaults, settings: settings),
            server: server, name: name, programs: programs)
        try server.run("CREATE DATABASE \(name) TEMPLATE template0")
        defer { _ = try? server.run("DROP DATABASE \(name) WITH (FORCE)") }
        return try await body(backups)
    }
}
