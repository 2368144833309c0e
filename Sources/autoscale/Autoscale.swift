import ArgumentParser
import CommandLineSupport
import Reporting

@main
struct Autoscale: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .autoscale, details: [.autoscaleDetails, .configurationPlaces], example: "autoscale status",
        exits: [
            .done, .runFailed, .wrongUse, .newerState, .fleetAway, .notWritten, .busy, .notPermitted, .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(
        help, commandName: "autoscale", subcommands: [Monitor.self, Status.self, Why.self, Config.self])

    static func main() async {
        let arguments = CommandOrder.withCommandFirst(Array(CommandLine.arguments.dropFirst()))
        await CommandStart(Self.self, arguments).run()
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
