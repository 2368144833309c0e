import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// The world as this run found it, and what was measured.
    struct World {
        let fleet: ObservedFleet
        let live: LiveUpstream?
        let sample: Sample
        /// For the next run, once this one is over.
        let sources: SourceMemories
        let names: BackendNames
    }

    /// R1: discovers, probes and samples. Target or NGINX away: the run ends here, with nothing touched.
    /// - Parameter waking: whether an NGINX that shows nothing of ours may be told to reload: it may have been
    ///   restarted with another file.
    mutating func observe(_ stored: Stored, waking: Bool) async throws(RunFailure) -> World {
        try rethrow(try publisher.checkPlace(), as: RunFailure.publish)
        let sources = MetricSources(configuration)
        let discovery: Discovery
        do throws(TargetError) {
            discovery = try await target.discover(before: deadline)
        } catch {
            throw .target(error)
        }
        for warning in discovery.warnings { log.sayLater(.discovery(warning)) }
        let asked = try await askPublisher(waking: waking, stored.state.history)
        let live = await dropStrangers(
            asked, beside: discovery.backends, draining: stored.state.history.operation,
            acting: waking && publicationWait(stored.state.history, asked) == nil)
        // Beside the probes: hung backends and a hung database cost the time of the slower, not of both.
        async let answers = sources.measure(after: stored.state.sources, before: deadline)
        // Before the probes, which are connections, too.
        let connections = await drainingConnections(stored.state.history.operation, discovery.backends)
        let memories = stored.state.history.backends
        let observed = await readiness.observe(
            discovery.backends,
            wasReady: { backend in
                memories[backend.name]?.wasReady == true
                    || backend.address.map { live?.servers.contains($0) == true } == true
            }, before: deadline)
        let measured = await answers
        let sample = Sample(time: now, readings: measured.readings, explainedByBackup: explainedByBackup())
        return World(
            fleet: ObservedFleet(backends: observed, served: live?.servers, drainingConnections: connections),
            live: live, sample: sample, sources: measured.memories,
            names: BackendNames(
                prefix: configuration.backends.namePrefix, time: now.wall,
                taken: Set(discovery.backends.flatMap { [$0.name, $0.operation ?? $0.name] }).union(memories.keys)))
    }

    /// Waking is a reload, too: while a publication that failed is not tried again, it would change nothing.
    private func askPublisher(waking: Bool, _ history: ScalingHistory) async throws(RunFailure) -> LiveUpstream? {
        do throws(PublishFailure) {
            return try await publisher.served(
                waking: waking && publicationWait(history, nil) == nil, interruption: interruption, before: deadline)
        } catch {
            throw .publish(error)
        }
    }

    /// How long NGINX is not asked to take a publication, because it did not take the last one.
    func publicationWait(_ history: ScalingHistory, _ live: LiveUpstream?) -> FleetSituation.PublicationWait? {
        guard let backOff = history.publishing,
            let remaining = backOff.remaining(at: now, circumstances: circumstances(live))
        else { return nil }
        return .init(failures: backOff.failures, remaining: remaining)
    }

    func circumstances(_ live: LiveUpstream?) -> String {
        publisher.circumstances(live, besidePorts: configuration.backends.hostPorts)
    }

    private mutating func drainingConnections(
        _ operation: ScalingHistory.Operation?, _ backends: [Backend]
    ) async -> Int? {
        guard let operation, operation.direction == .down, operation.left != nil,
            let backend = backends.first(where: { $0.name == operation.backend })
        else { return nil }
        return await connections(of: backend, isEarly: true)
    }

    /// A dump under way takes processor time of its own, which says nothing about the load.
    private mutating func explainedByBackup() -> Set<Metric> {
        guard configuration.metrics.contains(.cpu), RunLock.isHeld(configuration.places.backupLock) else {
            return []
        }
        log.sayLater(.backupUnderWay)
        return configuration.backup.ignoresCPU ? [.cpu] : []
    }
}
