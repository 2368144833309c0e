import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting

struct Claim: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .backupClaim, details: [.claimDetails], example: "backup claim --from old_name",
        exits: [.done, .wrongUse, .databaseAway, .notWritten, .busy, .notPermitted, .badConfiguration])
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Option(name: .customLong("from"), help: ArgumentHelp(.fromService, value: .service))
    var service: String?

    func run() async throws {
        let configuration = try options.load()
        let report = await BackupClaim(configuration, logger: output.logger, interruption: .watch()).run(
            from: service)
        try output.finish(report, exitStatus: report.exitStatus)
    }
}
