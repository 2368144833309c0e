package import Cleaning
package import Fleet
import Foundation
import Host
package import Settings
package import SystemPackage

/// A folder with the configuration of a service that is to be cleaned up; no NGINX, no database.
package struct PrivateCleanup: Installed {
    package let installation: Installation
    /// Of the service, and of the repository of its images.
    package let name: String

    package var logs: FilePath { folder.appending("logs") }
    package var backups: FilePath { folder.appending("backups") }
    package var stateFile: StateFile { StateFile(folder.appending("state").appending("autoscale.json")) }
    package var lock: FilePath { stateFile.folder.appending("cleanup.lock") }

    /// What a run in this process needs.
    package func load() throws -> Configuration {
        try Configuration.load(named: configuration.string, environment: [:], executable: "/")
    }

    /// A run with `--json`, read.
    package func report(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation
    ) async throws -> CleanupReport {
        let output = try await run(arguments + ["--json"])
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
        let name = "c\(UInt32.random(in: .min ... .max))"
        let defaults = target.merging(["SERVICE": name, "CLEANUP_DISK_MIN_FREE": "0"]) { $1 }
        let service = PrivateCleanup(
            installation: try Installation(
                in: folder, of: "cleanup", limit: .seconds(120), defaults: defaults, settings: settings),
            name: name)
        return try await body(service)
    }
}
