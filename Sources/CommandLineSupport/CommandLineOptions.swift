package import ArgumentParser
package import AutoscaleCore
import FoundationEssentials
import SystemPackage

/// What every command takes.
package struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The configuration file.",
            discussion:
                "Default: $AUTOSCALE_CONFIG, else config/autoscale.conf under the program's prefix, else /etc/autoscale/autoscale.conf.",
            valueName: "file"))
    package var file: String?

    package init() {}

    /// - Throws: `ExitCode`, after the reasons were printed on standard error.
    package func load() throws -> Configuration {
        do throws(ConfigurationError) {
            return try Configuration.load(
                named: file, environment: ProcessInfo.processInfo.environment, executable: Self.executable)
        } catch {
            StandardError.print(error.description)
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }

    /// The running program, links resolved: readlink(2) of `/proc/self/exe`.
    private static var executable: FilePath {
        FilePath((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/")
    }
}

extension ExitStatus {
    /// The table that every `--help` ends with.
    package static var helpTable: String {
        "EXIT STATUS:\n"
            + allCases.map { status in
                let code = String(status.rawValue)
                return "  \(code)\(String(repeating: " ", count: 5 - code.count))\(status.meaning)"
            }.joined(separator: "\n")
    }
}
