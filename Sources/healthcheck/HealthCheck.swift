import ArgumentParser
import CommandLineSupport
import Decisions
import HealthChecks
import Logging
import Reporting
import Settings

@main
struct HealthCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Checks the site, every backend, the database, the last run and the last backup, all at once.",
        usage: """
            healthcheck [--check <name> ...] [--json | --quiet] [--config <file>]
            healthcheck --list | --test-alert
            """,
        discussion: """
            One summary line with performance data behind '|', then a line for each check, as monitoring-plugins have it.

            EXIT STATUS:
              0  ok
              1  warning
              2  critical
              3  unknown: it could not be checked, the configuration is bad, or the command was used wrongly
            """,
        version: Version.text)

    @OptionGroup var options: ConfigurationOptions

    @Option(
        name: .customLong("check"), parsing: .singleValue,
        help: ArgumentHelp("Only this check; may be given again.", valueName: "name"))
    var names: [CheckName] = []

    @Flag(name: .customLong("list"), help: "List the checks and end.")
    var lists = false

    @Flag(name: .customLong("json"), help: "Print one report object.")
    var printsJSON = false

    @Flag(name: .customLong("test-alert"), help: "Send a test alert to every receiver of ALERT_URL; check nothing.")
    var testsAlerts = false

    @Flag(
        name: .customLong("quiet"),
        help: "For crontabs: print nothing while all is well, else what is not, with the time before it.")
    var isQuiet = false

    /// Wrong use is 3 here, as everything is that keeps a plugin from checking.
    static func main() async {
        do {
            let command = try parse()
            try await command.run()
        } catch let error as ExitCode {
            exit(withError: error)
        } catch {
            guard exitCode(for: error) != .success else { exit(withError: error) }
            StandardError.print(fullMessage(for: error))
            exit(withError: ExitCode(CheckLevel.unknown.exitStatus))
        }
    }

    func run() async throws {
        if lists { return list() }
        let configuration: Configuration
        do throws(ConfigurationError) {
            configuration = try await options.load(for: .healthcheck)
        } catch {
            let language = options.language
            let lines = error.sentence(in: language).split(separator: "\n")
            let others = lines.count - 1
            let more = others > 0 ? language.choose(" (and \(others) more)", " (y \(others) más)") : ""
            let what = language.choose("the configuration can't be used", "la configuración no se puede usar")
            StandardOutput.print("HEALTHCHECK UNKNOWN - \(what): \(lines.first ?? "")\(more)")
            throw ExitCode(CheckLevel.unknown.exitStatus)
        }
        if testsAlerts { return try await testAlerts(configuration) }
        let alerts = AlertDispatch(configuration, for: .healthcheck)
        alerts.begin()
        let report = await HealthCheckRun(configuration, only: Set(names)).run()
        if printsJSON {
            StandardOutput.printJSON(report)
        } else if isQuiet {
            let logger = LineLogHandler.logger(.standardOutput)
            for line in report.complaints { logger.warning("\(line)") }
        } else {
            StandardOutput.print(report.text(in: configuration.language))
        }
        let problems = await alerts.finish(
            report.findings, status: report.exitStatus, summary: report.summary(in: configuration.language))
        for problem in problems { StandardError.print(problem) }
        LastGoodConfiguration.keep(configuration)
        if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
    }
}

extension CheckName: ExpressibleByArgument {}
