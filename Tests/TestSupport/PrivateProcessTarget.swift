package import Fleet
import Foundation
package import Host
package import SystemPackage

/// A process target with a service, ports, log and working folder of its own.
package struct PrivateProcessTarget: Sendable {
    package let service: String
    package let folder: FilePath
    package let hostPorts: ClosedRange<UInt16>

    package var logFolder: FilePath { folder.appending("logs") }

    /// Answers `/` and `/health` with `hello`, ends at once on SIGTERM and leaves its server behind, as careless scripts do.
    package var server: CommandWords {
        shell("trap 'exit 0' TERM; busybox httpd -f -p 127.0.0.1:$PORT -h '\(folder)/site' & wait")
    }

    package func shell(_ script: String) -> CommandWords {
        CommandWords(program: "sh", arguments: ["-c", script])
    }

    package func target(
        _ command: CommandWords? = nil, environment: [String: String] = [:], ports: ClosedRange<UInt16>? = nil,
        stopTimeout: Duration = .seconds(5)
    ) -> ProcessTarget {
        ProcessTarget(
            .init(
                service: service, command: command ?? server, environment: environment, hostPorts: ports ?? hostPorts,
                namePrefix: "app", logFolder: logFolder, stateFile: folder.appending("state.json"),
                workingDirectory: folder, stopTimeout: stopTimeout))
    }

    /// Whatever a test started, found without what is tested.
    package func processes() throws -> [ProcessTable.Status] {
        try processesWorking(in: folder)
    }
}

/// Runs the body with such a target, and ends every process of it afterwards, also when the body throws.
package func withPrivateProcessTarget<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (PrivateProcessTarget) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let site = folder.appending("site").string
        try FileManager.default.createDirectory(atPath: site, withIntermediateDirectories: false)
        for page in ["index.html", "health"] {
            try Data("hello".utf8).write(to: URL(filePath: site).appending(path: page))
        }
        let target = PrivateProcessTarget(
            service: "t\(UInt32.random(in: 0...UInt32.max))", folder: folder, hostPorts: try freePorts(10))
        defer { killProcesses(workingIn: folder) }
        return try await body(target)
    }
}
