package import Decisions
import Host
import Logging
import Reporting
package import Settings

/// Looks at the fleet as it is now and at what the last run measured; takes no lock and changes nothing.
package struct StatusRun {
    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    package func run() async -> StatusReport {
        let last = try? StateFile(configuration.stateFile).history.last(of: configuration.service, at: .now())
        var report = StatusReport(service: configuration.service, lastRun: last?.record)
        report.judged = configuration.scaling.judging(last?.record)
        report.warnings = configuration.warnings + configuration.exposures
        if let warning = last?.warning { report.warnings.append(warning.sentence(in: configuration.language)) }
        do throws(RunFailure) {
            let view = try await FleetView(configuration, before: Deadline(after: .seconds(15)))
            report.warnings += view.warnings
            report.nginx = view.publisher.trouble(in: configuration.language)
            report.sendsRequests = view.publisher != .sendsNone
            report.activeBackends = view.plan.counted.count
            report.backends = view.plan.standings.map { entry in
                .init(
                    name: entry.backend.name, address: entry.backend.address?.description, state: entry.standing,
                    adopted: !entry.backend.isManaged,
                    served: report.sendsRequests
                        ? view.fleet.served.map { _ in view.fleet.isServed(entry.backend) } : nil)
            }
        } catch {
            report.problem = error.sentence(in: configuration.language)
            report.exitStatus = ExitStatus(error).rawValue
        }
        let state = StateFile(configuration.stateFile)
        do throws(StateFile.Failure) {
            _ = try state.load(for: configuration.service)
        } catch {
            // What is shown of the fleet is true, and of the runs there are none that this service could make.
            if report.problem == nil { report.problem = error.sentence(in: configuration.language) }
            if report.exitStatus == 0 { report.exitStatus = ExitStatus(RunFailure.state(error)).rawValue }
        }
        return report
    }
}

/// What `status` found; text and JSON are two prints of it.
package struct StatusReport: Codable, Equatable, Sendable {
    package struct BackendStatus: Codable, Equatable, Sendable {
        package let name: String
        package let address: String?
        package let state: Standing
        package let adopted: Bool
        /// Whether the running NGINX sends requests there; `nil` where it did not say.
        package let served: Bool?
    }

    package let service: String
    /// `nil` where the target could not be asked.
    package var activeBackends: Int?
    package var backends: [BackendStatus] = []
    /// Whether anybody sends requests to backends: queue workers get none.
    package var sendsRequests = true
    /// What NGINX showed instead of a generation of ours.
    package var nginx: String?
    package var warnings: [String] = []
    /// The metrics in `METRICS`, with their limits.
    package var judged: [JudgedReading] = []
    package var problem: String?
    package let lastRun: RunRecord?
    package var exitStatus: Int32 = 0

    init(service: String, lastRun: RunRecord?) {
        self.service = service
        self.lastRun = lastRun
    }
}
