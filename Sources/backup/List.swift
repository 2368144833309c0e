import ArgumentParser
import AutoscaleCore
import CommandLineSupport

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Every backup: age, size, how it was verified, why it is kept and until when.",
        discussion: ExitStatus.helpTable, version: Version.text)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("json"), help: "Print one report object.")
    var printsJSON = false

    func run() throws {
        let configuration = try options.load()
        do throws(BackupFailure) {
            let listing = try BackupListing(configuration)
            if printsJSON {
                StandardOutput.printJSON(listing)
            } else {
                StandardOutput.print(listing.text(in: configuration.language))
            }
        } catch {
            StandardError.print(error.sentence(in: configuration.language))
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }
}
