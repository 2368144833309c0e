import ArgumentParser
import CommandLineSupport
import Reporting

@main
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Dumps the database, proves that the dump can be read, and keeps as many as the rules say.",
        discussion: "Without a command it makes one backup.\n\n" + ExitStatus.helpTable,
        version: Version.text,
        subcommands: [Run.self, List.self, Verify.self, Drill.self, Restore.self, Prune.self, Claim.self],
        defaultSubcommand: Run.self)

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        CommandSpelling.check(arguments, of: Self.self)
        await main(arguments)
    }
}
