import ArgumentParser
import CommandLineSupport
import Decisions
import Fleet
import Host
import Reporting
import Settings

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Why the last run did, or did not, take a step.",
        discussion: ExitStatus.helpTable,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("json"), help: "Print the run's line of history.")
    var printsJSON = false

    func run() throws {
        let configuration = try options.load()
        let last: HistoryFolder.LastRun
        do throws(FileFailure) {
            last = try StateFile(configuration.stateFile).history.last(of: configuration.service, at: .now())
        } catch {
            StandardError.print(error.sentence(in: configuration.language))
            throw ExitCode(ExitStatus(RunFailure.file(error)).rawValue)
        }
        if let warning = last.warning(in: configuration.language) { StandardError.print("warning: \(warning)") }
        if printsJSON {
            StandardOutput.printJSON(last.record)
        } else {
            let never = configuration.language.choose("There was no run yet.", "Todavía no hubo ninguna ejecución.")
            StandardOutput.print(last.record?.whyText(in: configuration.language) ?? never)
        }
    }
}
