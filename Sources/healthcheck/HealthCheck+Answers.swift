import ArgumentParser
import CommandLineSupport
import Decisions
import Host
import Reporting
import Settings

/// What it answers without a check.
extension HealthCheck {
    func list() {
        let width = CheckName.allCases.map(\.rawValue.count).max() ?? 0
        for name in CheckName.allCases {
            let padding = String(repeating: " ", count: width - name.rawValue.count + 2)
            StandardOutput.print(name.rawValue + padding + name.sentence(in: options.language))
        }
    }

    func testAlerts(_ configuration: Configuration) async throws {
        guard !configuration.alerts.receivers.isEmpty else {
            StandardError.print(HealthCheckWord.nobodyToTell.sentence(in: configuration.language))
            throw ExitCode(CheckLevel.unknown.exitStatus)
        }
        var isTold = true
        for (receiver, failure) in await AlertDispatch(configuration, for: .healthcheck).test() {
            StandardOutput.print("\(receiver): \(failure ?? "ok")".escapingControls())
            if failure != nil { isTold = false }
        }
        if !isTold { throw ExitCode(CheckLevel.critical.exitStatus) }
    }
}
