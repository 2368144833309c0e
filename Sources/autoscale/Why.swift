import ArgumentParser
import CommandLineSupport
import Decisions
import Fleet
import Host
import Reporting
import Settings

struct Why: ParsableCommand, DocumentedCommand {
    static let help = CommandHelp(.why, example: "autoscale why", exits: ExitMeaning.readers)
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("json"), help: ArgumentHelp(.jsonRun))
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
        if let warning = last.warning {
            let words = warning.sentence(in: configuration.language)
            StandardError.print(Remark.warning(words).sentence(in: configuration.language))
        }
        if printsJSON {
            StandardOutput.printJSON(last.record)
        } else {
            StandardOutput.print(RunRecord.whyText(last.record, in: configuration.language))
        }
    }
}
