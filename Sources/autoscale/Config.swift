import ArgumentParser
import CommandLineSupport
import Decisions
import Fleet
import HealthChecks
import Host
import Reporting
import Settings

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
            let language = configuration.language
            let warnings =
                configuration.warnings + configuration.exposures + configuration.overlaps + configuration.unexpanded
                + configuration.backendWarnings
            for warning in warnings {
                StandardError.print((language.choose("warning: ", "aviso: ") + warning).escapingControls())
            }
            for proviso in configuration.provisos {
                StandardError.print((language.choose("note: ", "nota: ") + proviso).escapingControls())
            }
            let conflicts = configuration.conflicts
            for sentence in conflicts {
                StandardError.print("\(configuration.path): \(sentence)".escapingControls())
            }
            let refusals = ConfigurationCheck(configuration).refusals()
            for refusal in refusals where !conflicts.contains(refusal.sentence.escapingControls()) {
                StandardError.print(refusal.sentence)
            }
            if let first = refusals.first { throw ExitCode(first.status.rawValue) }
            if !conflicts.isEmpty { throw ExitCode(ExitStatus.badConfiguration.rawValue) }
            StandardOutput.print(
                "\(configuration.path): \(language.choose("no errors", "sin errores"))".escapingControls())
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
