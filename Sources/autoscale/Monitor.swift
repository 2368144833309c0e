import ArgumentParser
import AutoscaleCore
import CommandLineSupport

struct Monitor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "One run: look, repair, take at most one step, bring NGINX up to date, write down why.",
        discussion: "Log lines go to standard output, where cron's line redirects them.\n\n" + ExitStatus.helpTable,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions

    @Flag(name: .customLong("dry-run"), help: "Print the plan and the upstream file; touch nothing, take no lock.")
    var isDryRun = false

    @OptionGroup var output: ReportOutput

    func run() async throws {
        let configuration = try options.load()
        let record: RunRecord
        do throws(RunFailure) {
            let run = try MonitorRun(configuration, logger: output.logger, interruption: .watch())
            record = isDryRun ? await run.dryRun() : await run.run()
        } catch {
            StandardError.print(error.sentence(in: configuration.language))
            throw ExitCode(ExitStatus(error).rawValue)
        }
        try output.finish(
            record, exitStatus: record.exitStatus, text: record.plan?.text(in: configuration.language))
    }
}
