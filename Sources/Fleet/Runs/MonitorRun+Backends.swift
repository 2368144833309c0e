import Decisions
import Host
import Reporting
import Settings

/// Effects on the target. What it refuses is said, and the run goes on with exit 1; one that is away ends it.
extension MonitorRun {
    mutating func remove(_ backend: Backend) async -> FleetEvent {
        let event = await effect(on: backend) { target, deadline async throws(TargetError) in
            try await target.remove(backend, before: deadline)
        }
        if event == .done { log.say(.removed(backend.name)) }
        return event
    }

    mutating func end(_ ending: FleetEffect.Ending) async -> FleetEvent {
        if case .stop(let backend, let cut) = ending { log.say(.stopped(backend.name, cut: cut)) }
        return await effect(on: ending.backend) { target, deadline async throws(TargetError) in
            try await target.stop(ending.backend, before: deadline)
        }
    }

    /// One backend that can't be ended in time (a process that the kernel holds) is no target that is away.
    private mutating func effect(
        on backend: Backend, _ body: (any ScalingTarget, Deadline) async throws(TargetError) -> Void
    ) async -> FleetEvent {
        do throws(TargetError) {
            try await body(target, deadline)
            return .done
        } catch {
            if case .timedOut = error {
                fail(.end(backend.name, error))
                return .timedOut
            }
            guard ExitStatus(error) == .failed else {
                fail(.target(error))
                return .unavailable
            }
            fail(.end(backend.name, error))
            return .refused
        }
    }

    mutating func restart(_ backend: Backend) async -> FleetEvent {
        guard let target = target.restarts else { return .refused }
        log.say(.startedAgain(backend.name))
        do throws(TargetError) {
            return .started(try await target.restart(backend, before: deadline))
        } catch {
            return notStarted(backend.name, error)
        }
    }

    mutating func start(_ name: String, sparing served: Set<ServerAddress>) async -> FleetEvent {
        log.say(.creating(name))
        do throws(TargetError) {
            return .started(
                try await target.start(operation: name, created: now.wall, sparing: served, before: deadline))
        } catch {
            return notStarted(name, error)
        }
    }

    private mutating func notStarted(_ name: String, _ error: TargetError) -> FleetEvent {
        fail(.start(name, .target(error)))
        guard ExitStatus(error) == .failed else {
            fail(.target(error))
            return .unavailable
        }
        return .refused
    }

    /// None where nobody sends requests: what a worker has open is not for it to be cut off from.
    /// - Parameter isEarly: before the lines that come first.
    mutating func connections(of backend: Backend, isEarly: Bool = false) async -> Int? {
        guard publisher.sendsRequests else { return 0 }
        do throws(TargetError) {
            return try await target.countsConnections?.establishedConnections(of: backend, before: deadline)
        } catch {
            let message = RunMessage.connectionsUncounted(backend.name, why: error)
            if isEarly { log.sayLater(message) } else { log.say(message) }
            return nil
        }
    }

    // MARK: Waiting

    /// What is kept of the run's time for testing, reloading and confirming after the wait.
    private static let timeToPublish = Duration.seconds(15)
    private static let shortestProbe = Duration.seconds(1)

    /// Polls the health path of all of them, and once a second whether they are still there.
    func waitUntilReady(_ newcomers: [Backend]) async -> [Arrival] {
        guard publisher.sendsRequests else { return await waitUntilStayed(newcomers) }
        let probe = readiness
        let spare = max(.zero, deadline.remaining - Self.timeToPublish)
        let limit = deadline.within(min(configuration.readyWait, spare))
        // Each is asked once at least; one that accepts and never answers must not take the time to publish the others.
        let lastAnswer = deadline.within(max(Self.shortestProbe, spare))
        var outcomes: [String: Arrival.Outcome] = [:]
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
        return newcomers.map { Arrival($0, outcomes[$0.name] ?? .notYet(last[$0.name] ?? .unprobed)) }
    }

    var readiness: ReadinessProbe { configuration.readiness(of: target) }

    /// How long a worker must run to be taken for one that works: most that can't begin end at once.
    private static let shortestStay = Duration.seconds(1)

    /// Nobody asks workers anything: what still runs a moment after its start is ready.
    private func waitUntilStayed(_ workers: [Backend]) async -> [Arrival] {
        try? await Task.sleep(for: deadline.limited(min(Self.shortestStay, configuration.readyWait)))
        guard let found = try? await target.discover(before: deadline).backends else {
            return workers.map { Arrival($0, .notYet(.unprobed)) }
        }
        return workers.map { worker in
            let seen = found.first { $0.id == worker.id }
            if seen?.activity == .frozen { return Arrival(worker, .notYet(.unprobed)) }
            // Docker may have started it again by now: that is another life.
            let hasStayed = worker.incarnation != nil && seen?.incarnation == worker.incarnation
            return Arrival(worker, hasStayed ? .ready : .ended)
        }
    }
}
