import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting

struct Claim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make backups of this database whose manifest names no service this service's.",
        discussion: "Backups of older versions name none: they count, and are never removed until they are claimed.\n\n"
            + ExitStatus.helpTable,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Option(name: .customLong("from"), help: "Those of this service instead: the name before a renaming.")
    var service: String?

    func run() async throws {
        let configuration = try options.load()
        let report = await BackupClaim(configuration, logger: output.logger, interruption: .watch()).run(
            from: service)
        try output.finish(report, exitStatus: report.exitStatus)
    }
}
