import ArgumentParser
import AutoscaleCore
import CommandLineSupport

@main
struct Autoscale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "autoscale",
        abstract: "Keeps the right number of backends behind NGINX. Started by cron, it takes at most one step a run.",
        discussion: "autoscale --monitor and autoscale --status are the same as the commands of that name.\n\n"
            + ExitStatus.helpTable,
        version: Version.text,
        subcommands: [Monitor.self, Status.self, Why.self, Config.self])

    static func main() async {
        let arguments = Spelling.withCommands(Array(CommandLine.arguments.dropFirst()))
        if let word = Spelling.unknownCommand(in: arguments) {
            StandardError.print("Error: there is no command '\(word.escapingControls())'")
            StandardError.print("Commands: \(Spelling.commands.joined(separator: ", ")); see 'autoscale --help'")
            exit(withError: ExitCode.validationFailure)
        }
        await main(arguments)
    }
}

/// Spellings that the parser would not take by itself.
enum Spelling {
    /// `autoscale --monitor` for crontabs that have it, and `autoscale --config FILE status` for fingers that do.
    static func withCommands(_ arguments: [String]) -> [String] {
        if let index = arguments.firstIndex(where: { $0 == "--monitor" || $0 == "--status" }) {
            var rest = arguments
            let command = String(rest.remove(at: index).dropFirst(2))
            return [command] + rest
        }
        guard arguments.count > 2, arguments[0] == "--config" else { return arguments }
        return Array(arguments[2...] + arguments[..<2])
    }

    static let commands = Autoscale.configuration.subcommands.map { String(describing: $0).lowercased() }

    /// The first word, where it is neither an option nor a command: the parser would call it an unexpected argument.
    static func unknownCommand(in arguments: [String]) -> String? {
        guard let word = arguments.first, !word.hasPrefix("-"), word != "help", !commands.contains(word) else {
            return nil
        }
        return word
    }
}
