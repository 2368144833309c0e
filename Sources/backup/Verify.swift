import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting
import Settings

struct Verify: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .backupVerify, details: [.newestDetails], example: "backup verify --all",
        exits: [
            .done, .verificationFailed, .wrongUse, .databaseAway, .notWritten, .busy, .notPermitted, .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Argument(help: ArgumentHelp(.backupName, value: .name))
    var name: String?

    @Flag(name: .customLong("all"), help: ArgumentHelp(.verifyAll))
    var readsAll = false

    func validate() throws {
        if readsAll, name != nil { throw ValidationError(.nameOrAll) }
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
