import ArgumentParser
import CommandLineSupport
import Fleet
import Reporting
import Settings

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The backends as they are now, and the readings and reasons of the last run.",
        discussion: "Takes no lock and changes nothing.\n\n" + ExitStatus.helpTable,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("json"), help: "Print one report object.")
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
