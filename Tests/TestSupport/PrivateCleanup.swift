package import AutoscaleCore
import Foundation
package import SystemPackage

/// A folder with the configuration of a service that is to be cleaned up; no NGINX, no database.
package struct PrivateCleanup: Sendable {
    package let folder: FilePath
    /// Of the service, and of the repository of its images.
    package let name: String
    fileprivate let target: [String: String]

    package var configuration: FilePath { folder.appending("config").appending("autoscale.conf") }
    package var logs: FilePath { folder.appending("logs") }
    package var backups: FilePath { folder.appending("backups") }
    package var stateFile: StateFile { StateFile(folder.appending("state").appending("autoscale.json")) }
    package var lock: FilePath { stateFile.folder.appending("cleanup.lock") }
    package var command: BuiltBinary { BuiltBinary("cleanup") }

    /// Writes the configuration file: the target with these on top.
    package func configure(_ settings: [String: String]) throws {
        let all = target.merging(["SERVICE": name]) { $1 }.merging(settings) { $1 }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        try lines.joined().write(toFile: configuration.string, atomically: true, encoding: .utf8)
    }

    /// What a run in this process needs.
    package func load() throws -> Configuration {
        try Configuration.load(named: configuration.string, environment: [:], executable: "/")
    }

    /// Runs the built binary in cron's environment.
    @discardableResult
    package func run(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await command.run(
            arguments: arguments + ["--config", configuration.string], workingDirectory: "/", timeout: .seconds(120))
    }

    /// Starts it and goes on.
    package func withRunning<Result>(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation,
        _ body: (RunningProcess) async throws -> Result
    ) async throws -> Result {
        try await command.withRunning(arguments: arguments + ["--config", configuration.string], body)
    }

    /// The same with `--json`, read.
    package func report(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation
    ) async throws -> CleanupReport {
        let output = try await command.run(
            arguments: arguments + ["--json", "--config", configuration.string], workingDirectory: "/",
            timeout: .seconds(120))
        return try JSONDecoder().decode(CleanupReport.self, from: Data(output.stdout.utf8))
    }

    /// Writes a file and says when that was.
    /// - Parameter age: seconds since it was last written.
    package func write(_ text: String, to path: FilePath, age: Int = 0) throws {
        try FileManager.default.createDirectory(
            atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
        try text.write(toFile: path.string, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -Double(age))], ofItemAtPath: path.string)
    }

    /// Names in a folder, sorted.
    package func names(in folder: FilePath) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []).sorted()
    }

    /// `20240115_143005`, so long ago.
    package func stamp(secondsAgo: Int) -> String { "\(CompactTime(Int(Date().timeIntervalSince1970) - secondsAgo))" }
}

/// Runs the body with such a service and removes it afterwards, also when the body throws.
package func withPrivateCleanup<Result>(
    _ settings: [String: String] = [:], on docker: PrivateDocker? = nil,
    isolation: isolated (any Actor)? = #isolation, _ body: (PrivateCleanup) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let target =
            docker.map { ["TARGET": "docker", "DOCKER_HOST": "\($0.address)", "CLEANUP_GRACE": "0"] }
            ?? ["TARGET": "process", "BACKEND_COMMAND": "true"]
        let service = PrivateCleanup(
            folder: folder, name: "c\(UInt32.random(in: .min ... .max))",
            target: target.merging(["CLEANUP_DISK_MIN_FREE": "0"]) { $1 })
        try FileManager.default.createDirectory(
            atPath: folder.appending("config").string, withIntermediateDirectories: true)
        try service.configure(settings)
        return try await body(service)
    }
}
