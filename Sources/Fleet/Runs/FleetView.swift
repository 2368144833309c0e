package import Decisions
package import Host
package import Settings

/// The fleet as it is now, for commands that only look: discovered, asked of NGINX, probed once, and sorted by the rules.
package struct FleetView: Sendable {
    package let publisher: PublisherView
    let fleet: ObservedFleet
    package let plan: RepairPlan
    /// What could not be looked at, as sentences.
    let warnings: [String]

    package init(_ configuration: Configuration, before deadline: Deadline) async throws(RunFailure) {
        let stateFile = StateFile(configuration.stateFile)
        let target = try configuration.makeTarget(for: .looking)
        let publisher = configuration.publisher
        let discovery = try await Self.discover(target, deadline)
        var warnings = discovery.warnings.map { $0.sentence(in: configuration.language) }
        let history = Self.remembered(stateFile, configuration, &warnings)
        self.publisher = publisher.look(within: deadline.limited(.seconds(2)))
        let healths = configuration.readiness(of: target).probe(discovery.backends, before: deadline)
        fleet = ObservedFleet(
            backends: zip(discovery.backends, healths).map { .init(backend: $0, health: $1) },
            served: self.publisher.servers)
        plan = RepairPlan(for: fleet, history: history, policy: configuration.repairs, now: .now())
        self.warnings = warnings
    }

    private static func discover(
        _ target: any ScalingTarget, _ deadline: Deadline
    ) async throws(RunFailure) -> Discovery {
        do throws(TargetError) {
            return try await target.discover(before: deadline)
        } catch {
            throw .target(error)
        }
    }

    private static func remembered(
        _ stateFile: StateFile, _ configuration: Configuration, _ warnings: inout [String]
    ) -> ScalingHistory {
        let language = configuration.language
        do throws(StateFile.Failure) {
            switch try stateFile.load(for: configuration.service) {
            case .none: return .init()
            case .state(let state): return state.history.endingStreaks(at: .now())
            case .broken(let why):
                warnings.append(RecordWarning.brokenState(stateFile.path, why: why).sentence(in: language))
            }
        } catch {
            warnings.append(RunFailure.state(error).sentence(in: language))
        }
        return .init()
    }
}
