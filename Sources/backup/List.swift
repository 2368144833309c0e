import ArgumentParser
import Backups
import CommandLineSupport
import Decisions
import Reporting
import Settings

struct List: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .backupList, example: "backup list --remote",
        exits: [.done, .wrongUse, .storeAway, .notRead, .notPermitted, .badConfiguration])
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("json"), help: ArgumentHelp(.jsonReport))
    var printsJSON = false

    @Flag(name: .customLong("remote"), help: ArgumentHelp(.inStore))
    var isRemote = false

    @Flag(name: .customLong("all"), help: ArgumentHelp(.othersToo))
    var showsOthers = false

    func run() async throws {
        let configuration = try options.load()
        do throws(BackupFailure) {
            let listing =
                isRemote
                ? try await BackupListing.ofStore(configuration) : try await BackupListing.ofFolder(configuration)
            if printsJSON {
                StandardOutput.printJSON(listing)
            } else {
                StandardOutput.print(listing.text(in: configuration.language, withOthers: showsOthers))
            }
        } catch {
            StandardError.print(error.sentence(in: configuration.language))
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }
}
