import ArgumentParser
import Cleaning
import CommandLineSupport
import Host
import Logging
import Reporting
import Settings

@main
struct Cleanup: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .cleanup, details: [.cleanupDetails, .logDetails, .configurationPlaces], example: "cleanup --dry-run",
        exits: [
            .done, .cleanupPartly, .wrongUse, .newerState, .notWritten, .busy, .notPermitted, .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(help, commandName: "cleanup")

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("dry-run"), help: ArgumentHelp(.planCleanup))
    var isDryRun = false

    @OptionGroup var output: ReportOutput

    static func main() async {
        await CommandStart(Self.self, Array(CommandLine.arguments.dropFirst())).run()
    }

    func run() async throws {
        let configuration = isDryRun ? try options.load() : try await options.loadForRun(.cleanup)
        let report = await CleanupRun(
            configuration, logger: isDryRun ? LineLogHandler.logger(.standardError) : output.logger,
            interruption: .watch(), isDryRun: isDryRun
        ).run()
        if !isDryRun { LastGoodConfiguration.keep(configuration) }
        try output.finish(
            report, exitStatus: report.exitStatus,
            text: isDryRun ? report.planText(in: configuration.language) : nil)
    }
}
