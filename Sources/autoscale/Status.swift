import ArgumentParser
import CommandLineSupport
import Fleet
import Reporting
import Settings

struct Status: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .status, details: [.statusDetails], example: "autoscale status --json",
        exits: [
            .done, .targetRefused, .wrongUse, .newerState, .targetAway, .notRead, .notPermitted, .badConfiguration,
        ])
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("json"), help: ArgumentHelp(.jsonReport))
    var printsJSON = false

    func run() async throws {
        let configuration = try options.load()
        let report = await StatusRun(configuration).run()
        if printsJSON {
            StandardOutput.printJSON(report)
        } else {
            StandardOutput.print(report.text(in: configuration.language))
        }
        if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
    }
}
