package import Decisions
import Logging

/// Looks at the fleet as it is now and at what the last run measured; takes no lock and changes nothing.
package struct StatusRun {
    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    package func run() async -> StatusReport {
        let deadline = Deadline(after: .seconds(15))
        let stateFile = StateFile(configuration.stateFile)
        let last = try? stateFile.history.last()
        var report = StatusReport(service: configuration.service, lastRun: last ?? nil)
        report.warnings = configuration.warnings + configuration.exposures
        let history = remembered(stateFile, &report)
        do throws(RunFailure) {
            let target = try configuration.makeTarget()
            let upstream = UpstreamFile(configuration.loadBalancer, stateFolder: stateFile.folder)
            let discovery = try await discover(target, deadline)
            report.warnings += discovery.warnings
            let answer = upstream.status.ask(within: deadline.limited(.seconds(2)))
            var served: Set<ServerAddress>?
            if case .live(let live) = answer {
                served = live.servers
            } else {
                report.nginx = answer.words(in: language)
            }
            let healths = ReadinessProbe(configuration.probe).probe(discovery.backends, before: deadline)
            let fleet = ObservedFleet(
                backends: zip(discovery.backends, healths).map { .init(backend: $0, health: $1) }, served: served)
            let plan = RepairPlan(for: fleet, history: history, policy: configuration.repairs, now: .now())
            report.activeBackends = plan.counted.count
            report.backends = plan.standings.map { entry in
                .init(
                    name: entry.backend.name, address: entry.backend.address?.description, state: entry.standing,
                    adopted: !entry.backend.isManaged, served: served.map { _ in fleet.isServed(entry.backend) })
            }
        } catch {
            report.problem = error.sentence(in: language)
            report.exitStatus = ExitStatus(error).rawValue
        }
        return report
    }

    private var language: Language { configuration.language }

    private func remembered(_ stateFile: StateFile, _ report: inout StatusReport) -> ScalingHistory {
        do throws(StateFile.Failure) {
            switch try stateFile.load(for: configuration.service) {
            case .none: return .init()
            case .state(let state): return state.history
            case .broken(let why):
                report.warnings.append(
                    language.choose(
                        "\(stateFile.path) can't be read (\(why)); the next run sets it aside",
                        "\(stateFile.path) no se puede leer (\(why)); la próxima ejecución lo aparta"))
                return .init()
            }
        } catch {
            report.warnings.append(RunFailure.state(error).sentence(in: language))
            return .init()
        }
    }

    private func discover(
        _ target: any ScalingTarget, _ deadline: Deadline
    ) async throws(RunFailure) -> Discovery {
        do throws(TargetError) {
            return try await target.discover(before: deadline)
        } catch {
            throw .target(error)
        }
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
    /// What NGINX showed instead of a generation of ours.
    package var nginx: String?
    package var warnings: [String] = []
    package var problem: String?
    package let lastRun: RunRecord?
    package var exitStatus: Int32 = 0

    init(service: String, lastRun: RunRecord?) {
        self.service = service
        self.lastRun = lastRun
    }
}
