import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// Takes the one step of this run, whose intent is durable by now.
    /// - Returns: whether what is to go may follow.
    mutating func take(_ step: Step, _ fleet: inout FleetAtWork) async -> Bool {
        do throws(RunFailure) {
            switch step {
            case .start: try await stepUp(&fleet)
            case .takeBack(let backend):
                log.say(.takenBack(backend.name))
                fleet.serving.append(backend)
                fleet.hasChanged = true
                try await publish(&fleet)
            case .drain(let victim): try await stepDown(victim, &fleet)
            }
            return true
        } catch {
            fail(error)
            return false
        }
    }

    /// U2 to U7.
    private mutating func stepUp(_ fleet: inout FleetAtWork) async throws(RunFailure) {
        guard let operation = fleet.history.operation?.backend else { return }
        guard let backend = try await start(operation, &fleet) else {
            fleet.history.operation = nil
            return try await publish(&fleet)
        }
        guard try await welcome([backend], &fleet) else {
            fleet.history.operation = nil
            return try await publish(&fleet)  // what this run has to publish without it
        }
        do throws(RunFailure) {
            try await publish(&fleet)
            log.say(.created)
            fleet.history.operation = nil
        } catch {
            guard case .publish(let failure) = error, failure != .interrupted else { throw error }
            fleet.history.operation = nil
            fleet.history.recordFailedStart(at: now)
            fleet.serving.removeAll { $0 == backend }
            // Only one that NGINX does not send requests to may go; else the next run decides.
            if case .live(let live) = upstream.ask(within: deadline.limited(.seconds(2))) {
                fleet.live = live
                if fleet.isOut(backend) { try await withdraw(backend, &fleet) }
            }
            throw error
        }
    }

    /// S3 to S5. What fails takes the intent back: the victim goes on serving.
    private mutating func stepDown(_ victim: Backend, _ fleet: inout FleetAtWork) async throws(RunFailure) {
        log.say(.draining(victim.name))
        let serving = fleet.serving
        fleet.serving.removeAll { $0 == victim }
        fleet.hasChanged = true
        do throws(RunFailure) {
            try await publish(&fleet)
            fleet.history.operation?.left = .now()
        } catch {
            fleet.history.operation = nil
            fleet.serving = serving
            throw error
        }
    }

    enum Readiness {
        case ready
        case notYet(Health)
        case ended
    }

    /// What is kept of the run's time for testing, reloading and confirming after the wait.
    private static let timeToPublish = Duration.seconds(15)
    private static let shortestProbe = Duration.seconds(1)

    /// Polls the health path of all of them, and once a second whether they are still there.
    func waitUntilReady(_ newcomers: [Backend]) async -> [(Backend, Readiness)] {
        let probe = ReadinessProbe(configuration.probe, of: target)
        let spare = max(.zero, deadline.remaining - Self.timeToPublish)
        let limit = deadline.within(min(configuration.readyWait, spare))
        // Each is asked once at least; one that accepts and never answers must not take the time to publish the others.
        let lastAnswer = deadline.within(max(Self.shortestProbe, spare))
        var outcomes: [String: Readiness] = [:]
        var last: [String: Health] = [:]
        var nextLook = ContinuousClock.now.advanced(by: .seconds(1))
        while true {
            let pending = newcomers.filter { outcomes[$0.name] == nil }
            for (backend, health) in zip(pending, probe.probe(pending, before: lastAnswer)) {
                last[backend.name] = health
                if health == .ready { outcomes[backend.name] = .ready }
            }
            if outcomes.count == newcomers.count || limit.isOver || interruption.signal != nil { break }
            if ContinuousClock.now >= nextLook {
                nextLook = ContinuousClock.now.advanced(by: .seconds(1))
                if let found = try? await target.discover(before: deadline).backends {
                    for backend in pending where outcomes[backend.name] == nil {
                        let activity = found.first { $0.id == backend.id }?.activity
                        if activity != .running && activity != .frozen { outcomes[backend.name] = .ended }
                    }
                }
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return newcomers.map { ($0, outcomes[$0.name] ?? .notYet(last[$0.name] ?? .unprobed)) }
    }
}
