import ArgumentParser
import Backups
import CommandLineSupport
import Decisions
import Host
import Reporting
import Settings

struct Prune: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .backupPrune, example: "backup prune --dry-run",
        exits: [
            .done, .prunePartly, .wrongUse, .storeAway, .notWritten, .busy, .notPermitted, .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Flag(name: .customLong("dry-run"), help: ArgumentHelp(.planPrune))
    var isDryRun = false

    func run() async throws {
        let configuration = try options.load()
        guard isDryRun else {
            let report = await BackupPruning(configuration, logger: output.logger, interruption: .watch()).run()
            return try output.finish(report, exitStatus: report.exitStatus)
        }
        do throws(BackupFailure) {
            var listing = try await BackupListing.ofFolder(configuration)
            if configuration.backup.upload != nil { listing.elsewhere = [try await .ofStore(configuration)] }
            if output.printsJSON {
                StandardOutput.printJSON(listing)
            } else {
                StandardOutput.print(listing.planText(in: configuration.language))
            }
        } catch {
            StandardError.print(error.sentence(in: configuration.language))
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }
}
