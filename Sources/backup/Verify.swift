import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting
import Settings

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read backups again, to their end, and compare their checksums.",
        discussion: "Without a name it reads the newest.\n\n" + ExitStatus.helpTable, version: Version.text)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Argument(help: "As `backup list` shows it.")
    var name: String?

    @Flag(name: .customLong("all"), help: "Read all of them.")
    var readsAll = false

    func validate() throws {
        if readsAll, name != nil { throw ValidationError("Give a name or --all, not both.") }
    }

    func run() async throws {
        let configuration = try options.load()
        let scope: BackupCheck.Scope = readsAll ? .all : name.map { .named($0) } ?? .newest
        let line = ProgressLine(configuration.language)
        let report = await BackupCheck(
            configuration, logger: output.logger, interruption: .watch(), progress: line.show
        ).run(scope)
        line.clear()
        try output.finish(report, exitStatus: report.exitStatus)
    }
}
