import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting
import Settings

struct Run: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .backupRun, details: [.logDetails], example: "backup run",
        exits: [
            .done, .backupFailed, .backupPartly, .wrongUse, .databaseAway, .notWritten, .busy, .notPermitted,
            .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(help)

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
