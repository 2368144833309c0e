import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting
import Settings

struct Drill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Restore a backup into a scratch database, compare every table's rows, drop it, say how long it took.",
        discussion: "Without a name it takes the newest. BACKUP_DRILL_* name another server.\n\n"
            + ExitStatus.helpTable,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Argument(help: "As `backup list` shows it.")
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
