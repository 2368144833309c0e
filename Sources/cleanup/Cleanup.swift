import ArgumentParser
import AutoscaleCore
import CommandLineSupport
import Logging

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

    @Flag(
        name: .customLong("json"), help: "Print one report object on standard output, the log lines on standard error.")
    var printsJSON = false

    func run() async throws {
        let configuration = try options.load()
        let report = await CleanupRun(
            configuration, logger: LineLogHandler.logger(printsJSON || isDryRun ? .standardError : .standardOutput),
            interruption: .watch(), isDryRun: isDryRun
        ).run()
        if printsJSON {
            StandardOutput.printJSON(report)
        } else if isDryRun {
            StandardOutput.print(report.planText(in: configuration.language))
        }
        if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
    }
}
