import Decisions
import Fleet
import Host
import Settings

extension HealthCheckRun {
    /// One look at the fleet tells both.
    func fleetChecks() async -> [Found] {
        await look([.backends, .upstream]) {
            let deadline = Deadline(after: settings.timeout)
            do throws(RunFailure) {
                let start = ContinuousClock.now
                let view = try await FleetView(configuration, before: deadline)
                let seconds = start.duration(to: .now) / .seconds(1)
                return [.backends: .found(backends(view, seconds)), .upstream: upstream(view)]
            } catch {
                return [.backends: .failed(.fleet(error)), .upstream: .unknown(.fleet(error))]
            }
        }
    }

    private func backends(_ view: FleetView, _ seconds: Double) -> CheckFinding {
        var others: [String: Standing] = [:]
        var ready = 0
        var draining = 0
        for entry in view.plan.standings {
            switch entry.standing {
            case .ready: ready += 1
            case .draining: draining += 1
            default: others[entry.backend.name] = entry.standing
            }
        }
        return .backends(FleetFound(ready: ready, others: others, draining: draining, seconds: seconds))
    }

    private func upstream(_ view: FleetView) -> CheckOutcome {
        let live: LiveUpstream
        switch view.publisher {
        case .serves(let served): live = served
        case .sendsNone: return .found(.notAsked(.nothingPublished))
        case .shows(let answer): return .failed(.nginx(answer))
        }
        // What drains is out, and ready all the same until it is stopped: neither missing nor surplus for one run.
        let ready = view.plan.standings.filter { $0.standing == .ready }.map(\.backend)
        let addresses = Set(ready.compactMap(\.address))
        let found = UpstreamFound(
            missing: ready.filter { backend in
                !(backend.address.map { live.servers.contains($0) } ?? false)
            }.map(\.name),
            surplus: live.servers.subtracting(addresses).map(\.description).sorted(),
            served: live.servers.count,
            isChanging: RunLock.isHeld(configuration.places.lock))
        return .found(.upstream(found))
    }
}
