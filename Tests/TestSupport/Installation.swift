import Foundation
package import SystemPackage

/// A program of ours as an operator has it: a folder with a configuration, and the program that was built beside the tests.
package struct Installation: Sendable {
    package let folder: FilePath
    package let program: BuiltBinary
    /// Keys that are set where a test does not set them.
    package let defaults: [String: String]
    /// A run that takes longer is killed, and fails its test.
    private let limit: Duration

    /// Makes the configuration's folder and writes the file: the defaults with the settings on top.
    init(
        in folder: FilePath, of program: String, limit: Duration, defaults: [String: String],
        settings: [String: String]
    ) throws {
        self.folder = folder
        self.program = BuiltBinary(program)
        self.limit = limit
        self.defaults = defaults
        try FileManager.default.createDirectory(
            atPath: configuration.removingLastComponent().string, withIntermediateDirectories: true)
        try configure(settings)
    }

    package var configuration: FilePath { folder.appending("config").appending("autoscale.conf") }

    func configure(_ settings: [String: String]) throws {
        let all = defaults.merging(settings) { $1 }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        try lines.joined().write(toFile: configuration.string, atomically: true, encoding: .utf8)
    }

    func run(
        _ arguments: [String], environment: [String: String], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await program.run(
            arguments: naming(arguments), environment: RunningProcess.cronEnvironment.merging(environment) { $1 },
            workingDirectory: "/", timeout: limit)
    }

    /// setpriv(1) needs root.
    func run(
        _ arguments: [String], as user: String, isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        let identity = ["--reuid=\(user)", "--regid=nogroup", "--clear-groups"]
        let process = try RunningProcess(
            "/usr/bin/setpriv", arguments: identity + [program.path.string] + naming(arguments), workingDirectory: "/")
        defer { process.end() }
        return try await process.output(within: limit)
    }

    func withRunning<Result>(
        _ arguments: [String], isolation: isolated (any Actor)? = #isolation,
        _ body: (RunningProcess) async throws -> Result
    ) async throws -> Result {
        try await program.withRunning(arguments: naming(arguments), workingDirectory: "/", body)
    }

    private func naming(_ arguments: [String]) -> [String] { arguments + ["--config", configuration.string] }
}

/// What has an installation is configured and run through it.
package protocol Installed: Sendable {
    var installation: Installation { get }
}

extension Installed {
    package var folder: FilePath { installation.folder }
    package var configuration: FilePath { installation.configuration }
    package var command: BuiltBinary { installation.program }

    /// Writes the configuration file: the defaults with these on top; an empty value takes a default back.
    package func configure(_ settings: [String: String]) throws { try installation.configure(settings) }

    /// Runs the built binary in cron's environment.
    @discardableResult
    package func run(
        _ arguments: String..., environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await installation.run(arguments, environment: environment)
    }

    @discardableResult
    package func run(
        _ arguments: [String], environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await installation.run(arguments, environment: environment)
    }

    /// The same as another user, which needs root.
    package func run(
        _ arguments: [String], as user: String, isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        try await installation.run(arguments, as: user)
    }

    /// One run beside the body, killed afterwards where it still runs.
    package func withRunning<Result>(
        _ arguments: String..., isolation: isolated (any Actor)? = #isolation,
        _ body: (RunningProcess) async throws -> Result
    ) async throws -> Result {
        try await installation.withRunning(arguments, body)
    }
}
