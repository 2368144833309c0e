import ArgumentParser
import CommandLineSupport
import Decisions
import Fleet
import Host
import Logging
import Reporting
import Settings

struct Monitor: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .monitor, details: [.monitorDetails, .logDetails], example: "autoscale monitor --dry-run",
        exits: [
            .done, .runFailed, .wrongUse, .newerState, .fleetAway, .notWritten, .busy, .notPermitted, .badConfiguration,
        ] + ExitMeaning.signals)
    static let configuration = CommandConfiguration(help)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("dry-run"), help: ArgumentHelp(.planMonitor))
    var isDryRun = false

    @OptionGroup var output: ReportOutput

    func run() async throws {
        let configuration = isDryRun ? try options.load() : try await options.loadForRun(.monitor)
        let record: RunRecord
        do throws(RunFailure) {
            let run = try MonitorRun(configuration, logger: output.logger, interruption: .watch())
            record = isDryRun ? await run.dryRun() : await run.run()
        } catch {
            let logger = LineLogHandler.logger(.standardError)
            let lines = error.sentence(in: configuration.language).split(separator: "\n")
            for line in lines { logger.error("\(line)") }
            if !isDryRun {
                let finding = AlertFinding(
                    .runFailed, severity: .critical, text: lines.prefix(3).joined(separator: "; "))
                let alerts = AlertDispatch(configuration, for: .monitor)
                alerts.begin()
                let problems = await alerts.finish(
                    AlertFindings([finding]), status: ExitStatus(error).rawValue, summary: finding.text)
                for problem in problems { logger.error("\(problem)") }
            }
            throw ExitCode(ExitStatus(error).rawValue)
        }
        if !isDryRun { LastGoodConfiguration.keep(configuration) }
        let language = configuration.language
        let trouble = isDryRun && !output.printsJSON ? configuration.nginxTrouble(in: language) : nil
        try output.finish(
            record, exitStatus: record.exitStatus,
            text: record.plan?.text(in: language, nginx: trouble, isPublished: configuration.publisher.sendsRequests))
    }
}
