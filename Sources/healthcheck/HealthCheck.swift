import ArgumentParser
import CommandLineSupport
import Decisions
import HealthChecks
import Logging
import Reporting
import Settings

@main
struct HealthCheck: AsyncParsableCommand, DocumentedCommand {
    static let help = CommandHelp(
        .healthcheck, details: [.healthcheckDetails, .configurationPlaces],
        example: "healthcheck --check site --check backends", exits: [.ok, .warning, .critical, .unknown])
    static let configuration = CommandConfiguration(help, commandName: "healthcheck")

    @OptionGroup var options: ConfigurationOptions

    @Option(
        name: .customLong("check"), parsing: .singleValue,
        help: ArgumentHelp(.onlyCheck, value: .name))
    var names: [CheckName] = []

    @Flag(name: .customLong("list"), help: ArgumentHelp(.listChecks))
    var lists = false

    @Flag(name: .customLong("json"), help: ArgumentHelp(.jsonReport))
    var printsJSON = false

    @Flag(name: .customLong("test-alert"), help: ArgumentHelp(.testAlert))
    var testsAlerts = false

    @Flag(
        name: .customLong("quiet"),
        help: ArgumentHelp(.quiet))
    var isQuiet = false

    /// Wrong use is 3 here, as everything is that keeps a plugin from checking.
    static func main() async {
        await CommandStart(
            Self.self, Array(CommandLine.arguments.dropFirst()), wrongUse: CheckLevel.unknown.exitStatus
        ).run()
    }

    func run() async throws {
        if lists { return list() }
        let configuration: Configuration
        do throws(ConfigurationError) {
            configuration = try await options.load(for: .healthcheck)
        } catch {
            let language = options.language
            let lines = error.sentence(in: language).split(separator: "\n")
            let words = HealthCheckWord.configurationUnusable(
                first: lines.first.map(String.init) ?? "", more: max(0, lines.count - 1))
            StandardOutput.print("HEALTHCHECK UNKNOWN - \(words.sentence(in: language))")
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
