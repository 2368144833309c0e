import ArgumentParser
import Backups
import CommandLineSupport
import Decisions
import Host
import Reporting
import Settings

struct Restore: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .backupRestore, details: [.restoreDetails],
        example: "backup restore chat_20240115_020000 --into chat_copy --dry-run",
        exits: [
            .done, .restoreFailed, .restorePartly, .wrongUse, .databaseAway, .notWritten, .busy, .notPermitted,
            .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Argument(help: ArgumentHelp(.backupName, value: .name))
    var name: String

    @Option(name: .customLong("into"), help: ArgumentHelp(.intoDatabase, value: .database))
    var database: String

    @Flag(name: .customLong("clean"), help: ArgumentHelp(.cleanFirst))
    var cleans = false

    @Flag(name: .customLong("yes"), help: ArgumentHelp(.agreeToClean))
    var agrees = false

    @Option(
        name: .customLong("of"),
        help: ArgumentHelp(.ofService, value: .service))
    var service: String?

    @Flag(name: .customLong("dry-run"), help: ArgumentHelp(.planRestore))
    var isDryRun = false

    func validate() throws {
        if cleans, !agrees, !isDryRun {
            throw ValidationError(.agreementMissing)
        }
    }

    func run() async throws {
        let configuration = try options.load()
        let line = ProgressLine(configuration.language)
        let restore = BackupRestore(
            configuration, into: database, logger: output.logger, interruption: .watch(), progress: line.show)
        let plan: BackupRestore.Plan
        do throws(BackupFailure) {
            plan = try await restore.plan(name)
        } catch {
            StandardError.print(error.sentence(in: configuration.language))
            throw ExitCode(ExitStatus(error).rawValue)
        }
        if !output.printsJSON { StandardOutput.print(plan.text(in: configuration.language, clean: cleans)) }
        if isDryRun { return }
        let report = await restore.run(plan, clean: cleans, of: service)
        line.clear()
        try output.finish(report, exitStatus: report.exitStatus)
    }
}
