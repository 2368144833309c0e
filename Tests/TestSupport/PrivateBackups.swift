package import AutoscaleCore
import Foundation
package import SystemPackage

/// A database of a test's own, and a folder with the configuration that backs it up.
package struct PrivateBackups: Sendable {
    package let folder: FilePath
    package let server: PrivatePostgres
    /// The name of the database, and of the service.
    package let name: String

    package var configuration: FilePath { folder.appending("config").appending("autoscale.conf") }
    package var backups: FilePath { folder.appending("backups") }
    package var lock: FilePath { folder.appending("state").appending("backup.lock") }
    package var command: BuiltBinary { BuiltBinary("backup") }
    /// The folder of PostgreSQL's own client programs; /usr/bin has wrappers that take much longer to start.
    package let programs: FilePath

    private var defaults: [String: String] {
        [
            "SERVICE": name, "DB_HOST": "127.0.0.1", "DB_PORT": "\(server.port)", "DB_USER": "postgres",
            "DB_NAME": name, "BACKUP_PG_DUMP": programs.appending("pg_dump").string,
        ]
    }

    /// Writes the configuration file: the defaults above with these on top; an empty value takes a default back.
    package func configure(_ settings: [String: String]) throws {
        let all = defaults.merging(settings) { $1 }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        try lines.joined().write(toFile: configuration.string, atomically: true, encoding: .utf8)
    }

    /// Runs the built binary in cron's environment.
    @discardableResult
    package func run(
        _ arguments: String..., environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await command.run(
            arguments: arguments + ["--config", configuration.string],
            environment: RunningProcess.cronEnvironment.merging(environment) { $1 }, workingDirectory: "/",
            timeout: .seconds(120))
    }

    /// Starts it and goes on.
    package func withRunning<Result>(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation,
        _ body: (RunningProcess) async throws -> Result
    ) async throws -> Result {
        try await command.withRunning(arguments: arguments + ["--config", configuration.string], body)
    }

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
        let backups = PrivateBackups(
            folder: folder, server: server, name: name, programs: FilePath("\(versions)/\(newest ?? 0)/bin"))
        try FileManager.default.createDirectory(
            atPath: folder.appending("config").string, withIntermediateDirectories: true)
        try backups.configure(settings)
        try server.run("CREATE DATABASE \(name) TEMPLATE template0")
        defer { _ = try? server.run("DROP DATABASE \(name) WITH (FORCE)") }
        return try await body(backups)
    }
}
