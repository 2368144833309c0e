import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting
import Settings

struct Drill: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .backupDrill, details: [.drillDetails], example: "backup drill",
        exits: [
            .done, .drillFailed, .wrongUse, .databaseAway, .notWritten, .busy, .notPermitted, .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Argument(help: ArgumentHelp(.backupName, value: .name))
    var name: String?

    func run() async throws {
        let configuration = try options.load()
        let line = ProgressLine(configuration.language)
        let report = await BackupDrill(
            configuration, logger: output.logger, interruption: .watch(), progress: line.show
        ).run(name)
        line.clear()
        try output.finish(report, exitStatus: report.exitStatus)
    }
}
