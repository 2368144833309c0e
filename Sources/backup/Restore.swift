import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting
import Settings

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore a backup into a new or an empty database.",
        usage: """
            backup restore <name> --into <database> [--dry-run] [--clean --yes]
                [--of <service>] [--json] [--config <file>]
            """,
        discussion: "Owners and rights are restored, too: the roles must be there (see NAME.globals.sql).\n\n"
            + ExitStatus.helpTable,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Argument(help: "As `backup list` shows it.")
    var name: String

    @Option(name: .customLong("into"), help: ArgumentHelp("The database; a new one is made.", valueName: "database"))
    var database: String

    @Flag(name: .customLong("clean"), help: "Drop what is in the database first; with --yes.")
    var cleans = false

    @Flag(name: .customLong("yes"), help: "Agree to --clean.")
    var agrees = false

    @Option(
        name: .customLong("of"),
        help: ArgumentHelp("Agree to --clean with the backup of another service; its name.", valueName: "service"))
    var service: String?

    @Flag(name: .customLong("dry-run"), help: "Say what would be done; do nothing.")
    var isDryRun = false

    func validate() throws {
        if cleans, !agrees, !isDryRun {
            throw ValidationError("--clean drops what is in the database: add --yes to agree, or --dry-run to look.")
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
