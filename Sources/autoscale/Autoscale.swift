import ArgumentParser
import CommandLineSupport
import Reporting

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
        let arguments = CommandOrder.withCommandFirst(Array(CommandLine.arguments.dropFirst()))
        CommandSpelling.check(arguments, of: Self.self)
        await main(arguments)
    }
}

/// Spellings that the parser would not take by itself.
enum CommandOrder {
    /// `autoscale --monitor` for crontabs that have it, and `autoscale --config FILE status` for fingers that do.
    static func withCommandFirst(_ arguments: [String]) -> [String] {
        if let index = arguments.firstIndex(where: { $0 == "--monitor" || $0 == "--status" }) {
            var rest = arguments
            let command = String(rest.remove(at: index).dropFirst(2))
            return [command] + rest
        }
        guard arguments.count > 2, arguments[0] == "--config" else { return arguments }
        return Array(arguments[2...] + arguments[..<2])
    }
}
