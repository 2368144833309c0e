import ArgumentParser
import Cleaning
import CommandLineSupport
import Host
import Logging
import Reporting
import Settings

@main
struct Cleanup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup",
        abstract: "Removes what is no longer needed: containers and images of ours, old logs, history and backups.",
        discussion: "Log lines go to standard output, where cron's line redirects them.\n\n" + ExitStatus.helpTable,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("dry-run"), help: "Print what would go and what would stay, and why; change nothing.")
    var isDryRun = false

    @OptionGroup var output: ReportOutput

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
