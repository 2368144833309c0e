import Foundation
package import SystemPackage

/// A program of this package, as it was built beside the tests.
package struct BuiltBinary: Sendable {
    package let path: FilePath

    /// - Parameter name: the product's.
    package init(_ name: String) {
        path =
            (try? FilePath(FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")))
            .map { $0.removingLastComponent().appending(name) } ?? FilePath(name)
    }

    /// Runs it to its end; one that still runs after the time-out is killed, and the call throws.
    /// - Parameter environment: the whole of it; cron's where none is given.
    package func run(
        arguments: [String] = [], environment: [String: String] = RunningProcess.cronEnvironment,
        workingDirectory: FilePath? = nil, timeout: Duration = .seconds(30),
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await withRunning(
            arguments: arguments, environment: environment, workingDirectory: workingDirectory
        ) { try await $0.output(within: timeout) }
    }

    /// Runs it beside the body, and kills it afterwards, also when the body throws.
    package func withRunning<Result>(
        arguments: [String] = [], environment: [String: String] = RunningProcess.cronEnvironment,
        workingDirectory: FilePath? = nil, isolation: isolated (any Actor)? = #isolation,
        _ body: (RunningProcess) async throws -> Result
    ) async throws -> Result {
        let process = try RunningProcess(
            path, arguments: arguments, environment: environment, workingDirectory: workingDirectory)
        defer { process.end() }
        return try await body(process)
    }
}
