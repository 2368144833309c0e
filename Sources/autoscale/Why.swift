import ArgumentParser
import AutoscaleCore
import CommandLineSupport
import Decisions

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
        let last: RunRecord?
        do throws(FileFailure) {
            last = try StateFile(configuration.stateFile).history.last()
        } catch {
            StandardError.print(error.sentence(in: configuration.language))
            throw ExitCode(ExitStatus(RunFailure.file(error)).rawValue)
        }
        if printsJSON {
            StandardOutput.printJSON(last)
        } else {
            let never = configuration.language.choose("There was no run yet.", "Todavía no hubo ninguna ejecución.")
            StandardOutput.print(last?.whyText(in: configuration.language) ?? never)
        }
    }
}
