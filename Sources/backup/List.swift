import ArgumentParser
import Backups
import CommandLineSupport
import Reporting
import Settings

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Every backup of this service: age, size, how it was verified, why it is kept and until when.",
        discussion: ExitStatus.helpTable, version: Version.text)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("json"), help: "Print one report object.")
    var printsJSON = false

    @Flag(name: .customLong("remote"), help: "Those in the store of BACKUP_UPLOAD_URL in place of those here.")
    var isRemote = false

    @Flag(name: .customLong("all"), help: "Other services' backups, too.")
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
