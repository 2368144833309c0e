import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting
import Settings

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make one verified backup, then remove what the rules keep no longer.",
        discussion: "Log lines go to standard output, where cron's line redirects them.\n\n" + ExitStatus.helpTable,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    func run() async throws {
        let configuration = try await options.loadForRun(.backup)
        let line = ProgressLine(configuration.language)
        let report = await BackupRun(
            configuration, logger: output.logger, interruption: .watch(), progress: line.show
        ).run()
        line.clear()
        LastGoodConfiguration.keep(configuration)
        try output.finish(report, exitStatus: report.exitStatus)
    }
}
