import ArgumentParser
import CommandLineSupport
import Reporting

@main
struct Backup: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .backup, details: [.backupDetails, .configurationPlaces], example: "backup list",
        exits: [
            .done, .backupFailed, .backupPartly, .wrongUse, .databaseAway, .notWritten, .busy, .notPermitted,
            .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(
        help, commandName: "backup",
        subcommands: [Run.self, List.self, Verify.self, Drill.self, Restore.self, Prune.self, Claim.self],
        defaultSubcommand: Run.self)

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        await CommandStart(Self.self, arguments).run()
    }
}
