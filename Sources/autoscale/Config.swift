import ArgumentParser
import AutoscaleCore
import CommandLineSupport

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check or show the configuration.",
        discussion: ExitStatus.helpTable,
        version: Version.text,
        subcommands: [Check.self, Show.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the configuration file; all that is wrong is shown at once.", version: Version.text)

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let configuration = try options.load()
            for warning in configuration.warnings + configuration.exposures + configuration.overlaps {
                StandardError.print("warning: \(warning)".escapingControls())
            }
            for proviso in configuration.provisos {
                StandardError.print("note: \(proviso)".escapingControls())
            }
            let conflicts = configuration.conflicts
            if !conflicts.isEmpty {
                for sentence in conflicts {
                    StandardError.print("\(configuration.path): \(sentence)".escapingControls())
                }
                throw ExitCode(ExitStatus.badConfiguration.rawValue)
            }
            if let obstacle = configuration.upstreamObstacle() {
                StandardError.print(obstacle.sentence(in: configuration.language).escapingControls())
                throw ExitCode(ExitStatus(obstacle).rawValue)
            }
            StandardOutput.print("\(configuration.path): no errors".escapingControls())
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every effective value and where it came from; secrets are redacted.",
            version: Version.text)

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            for entry in try options.load().entries { StandardOutput.print(entry.line) }
        }
    }
}
