import ArgumentParser
import CommandLineSupport
import Decisions
import Fleet
import HealthChecks
import Host
import Reporting
import Settings

struct Config: ParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .config, details: [.configurationPlaces], example: "autoscale config check",
        exits: [.done, .wrongUse, .newerState, .notWritten, .notPermitted, .badConfiguration])
    static let configuration = CommandConfiguration(help, subcommands: [Check.self, Show.self])

    struct Check: ParsableCommand, DocumentedCommand {
        static let help = CommandHelp(
            .configCheck, example: "autoscale config check --config /etc/autoscale/autoscale.conf",
            exits: [.done, .wrongUse, .newerState, .notWritten, .notPermitted, .badConfiguration])
        static let configuration = CommandConfiguration(help)

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let configuration = try options.load()
            let language = configuration.language
            let warnings =
                configuration.warnings + configuration.exposures + configuration.overlaps + configuration.unexpanded
                + configuration.backendWarnings
            for warning in warnings {
                StandardError.print(Remark.warning(warning).sentence(in: language).escapingControls())
            }
            for proviso in configuration.provisos {
                StandardError.print(Remark.note(proviso).sentence(in: language).escapingControls())
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
                Remark.clean(configuration.path).sentence(in: language).escapingControls())
        }
    }

    struct Show: ParsableCommand, DocumentedCommand {
        static let help = CommandHelp(
            .configShow, example: "autoscale config show",
            exits: [.done, .wrongUse, .notPermitted, .badConfiguration])
        static let configuration = CommandConfiguration(help)

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let configuration = try options.load()
            for entry in configuration.entries { StandardOutput.print(entry.line(in: configuration.language)) }
        }
    }
}
