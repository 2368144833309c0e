import ArgumentParser
import Backups
import CommandLineSupport
import Host
import Reporting
import Settings

struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove what the rules (BACKUP_KEEP_*) keep no longer, here and in the store.",
        discussion: ExitStatus.helpTable, version: Version.text)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: ReportOutput

    @Flag(name: .customLong("dry-run"), help: "Print what would stay and what would go, and why; remove nothing.")
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
