import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// R2 to R6, in that order. What fails is said and ends it, or is passed over where the rest does not depend on it.
    ///
    /// Before anything is started and waited for, NGINX is told who is ready: the others take requests that they can't
    /// answer, and those that are ready again are needed.
    /// - Returns: whether a step, and what is to go, may follow.
    mutating func repair(_ decided: Decided, _ fleet: inout FleetAtWork) async -> Bool {
        let plan = decided.plan
        do throws(RunFailure) {
            for backend in plan.remove where !backend.runs {  // R2
                await sayLastWords(of: backend, in: plan)
                try await remove(backend, &fleet)
            }
            let needsNGINX = plan.startsBackends || (decided.step == .start && servesDead(fleet))
            let isTold = needsNGINX ? try await tellNGINX(&fleet) : true
            try await heal(decided, &fleet)  // R5
            guard isTold else { return false }
            if decided.step == nil { try await publish(&fleet) }  // R6
            return true
        } catch {
            fail(error)
            return false
        }
    }

    /// Publishes who is ready. Where NGINX does not take it, what is missing is started all the same: it is there once NGINX
    /// takes anything.
    /// - Returns: whether NGINX took it.
    private mutating func tellNGINX(_ fleet: inout FleetAtWork) async throws(RunFailure) -> Bool {
        do throws(RunFailure) {
            try await publish(&fleet)
            return true
        } catch {
            guard case .publish(let failure) = error, failure.leavesLastGood, failure != .interrupted else {
                throw error
            }
            fail(error)
            return false
        }
    }

    /// NGINX sends requests to somebody who is not ready.
    private func servesDead(_ fleet: FleetAtWork) -> Bool {
        fleet.live.map { !$0.servers.isSubset(of: fleet.serving.compactMap(\.address)) } ?? false
    }

    /// R7 and R8. They come after the step, which does not depend on them: something that can't be ended must not keep the
    /// fleet from growing. One that can't does not stop the rest either.
    mutating func dismiss(_ decided: Decided, _ fleet: inout FleetAtWork) async {
        do throws(RunFailure) {
            for backend in decided.plan.remove where backend.runs {
                await sayLastWords(of: backend, in: decided.plan)
                try await dismiss(backend, in: decided.plan, &fleet)
            }
            for backend in decided.plan.retire { try await dismiss(backend, in: decided.plan, &fleet) }
            try await goOn(with: decided.plan.drain, step: decided.step, &fleet)
        } catch {
            fail(error)
        }
    }

    /// Whatever leaves: out of the upstream first, then asked to end, and not while it holds connections, up to
    /// `DRAIN_TIMEOUT`. That it does not answer does not mean that it does nothing.
    private mutating func dismiss(
        _ backend: Backend, in plan: RepairPlan, _ fleet: inout FleetAtWork
    ) async throws(RunFailure) {
        guard fleet.isOut(backend) else { return }
        guard backend.runs else {
            try await remove(backend, &fleet)
            return
        }
        var departure = fleet.history.backends[backend.name]?.departure ?? .init()
        departure.left = departure.left ?? .now()
        fleet.history.backends[backend.name]?.departure = departure
        let connections = await connections(of: backend)
        let answers = plan.answers(backend)
        guard configuration.repairs.mayStop(departure, holding: connections, answers: answers, now: .now()) else {
            log.say(.stillBusy(backend.name, connections: connections))
            return
        }
        try await end(backend, cutting: connections, &fleet)
    }

    private mutating func connections(of backend: Backend) async -> Int? {
        do throws(TargetError) {
            return try await target.establishedConnections(of: backend, before: deadline)
        } catch {
            log.say(.connectionsUncounted(backend.name, why: error.sentence(in: configuration.language)))
            return nil
        }
    }

    /// SIGTERM, `STOP_TIMEOUT`, SIGKILL, and what is left is removed. What there is no time for is the next run's.
    ///
    /// That it is asked to end is durable before it is: a run that is killed meanwhile, or a target that refuses, must not
    /// bring it back. So is an operation, until its backend is gone.
    private mutating func end(
        _ backend: Backend, cutting connections: Int?, _ fleet: inout FleetAtWork
    ) async throws(RunFailure) {
        guard deadline.remaining > configuration.backends.stopTimeout + Self.timeToRemove,
            case .live(let live) = upstream.ask(within: deadline.limited(.seconds(2)))
        else { return }
        fleet.live = live
        guard fleet.isOut(backend) else { return }
        try stopIfInterrupted()
        var departure = fleet.history.backends[backend.name]?.departure ?? .init(left: .now())
        departure.isStopOrdered = true
        fleet.history.backends[backend.name, default: .init(wasReady: true)].departure = departure
        try save(fleet.state)
        log.say(.stopped(backend.name, cut: connections))
        if try await stopAndRemove(backend, &fleet), fleet.history.operation?.backend == backend.name {
            fleet.history.operation = nil
        }
    }

    /// - Returns: whether nothing is left of it.
    private mutating func stopAndRemove(_ backend: Backend, _ fleet: inout FleetAtWork) async throws(RunFailure) -> Bool
    {
        let hasEnded = try await effect(backend.name, mayTimeOut: true) {
            target, deadline async throws(TargetError) in
            try await target.stop(backend, before: deadline)
        }
        return hasEnded ? try await remove(backend, &fleet) : false
    }

    private static let timeToRemove = Duration.seconds(5)

    /// Takes a start back that NGINX did not take: it was ready, and may do work of its own. That it is to go is durable
    /// before it is asked to, or the next run would publish one that is about to end.
    mutating func withdraw(_ backend: Backend, _ fleet: inout FleetAtWork) async throws(RunFailure) {
        fleet.history.backends[backend.name, default: .init()].departure = .init(left: .now(), isStopOrdered: true)
        try save(fleet.state)
        _ = try await stopAndRemove(backend, &fleet)
    }

    /// Starts what is missing, and waits for all of it together.
    private mutating func heal(_ decided: Decided, _ fleet: inout FleetAtWork) async throws(RunFailure) {
        var newcomers: [Backend] = []
        for backend in decided.plan.restart {
            try stopIfInterrupted()
            log.say(.startedAgain(backend.name))
            do throws(TargetError) {
                newcomers.append(try await target.restart(backend, before: deadline))
            } catch {
                // Remembered as starting: the next run counts it as failed, removes it and starts another.
                log.say(.startFailed(backend.name, why: error.sentence(in: configuration.language)))
                try passOver(error)
            }
        }
        for name in decided.newNames.prefix(decided.plan.start) {
            if let backend = try await start(name, &fleet) { newcomers.append(backend) }
        }
        try await welcome(newcomers, &fleet)
    }

    /// R8. The stop comes only after NGINX was asked once more (W3).
    private mutating func goOn(
        with drain: DrainPlan, step: Step?, _ fleet: inout FleetAtWork
    ) async throws(RunFailure) {
        if case .takeBack = step { return }
        switch drain {
        case .none, .cancel: break
        case .leaving(let backend):
            guard fleet.isOut(backend) else { return }
            fleet.history.operation?.left = .now()
        case .waiting(let backend, let remaining): log.say(.stillDraining(backend.name, remaining: remaining))
        case .busy(let backend, let connections): log.say(.stillBusy(backend.name, connections: connections))
        case .stop(let backend, let cut):
            try await end(backend, cutting: cut, &fleet)
        }
    }

    /// What one that was never ready said last goes with it: in the log, and in the alert that it came to nothing.
    private mutating func sayLastWords(of backend: Backend, in plan: RepairPlan) async {
        let isFailed = plan.standings.contains { $0.backend == backend && $0.standing == .failed }
        guard isFailed, let words = await target.lastWords(of: backend, before: deadline) else { return }
        log.say(.lastWords(backend.name, words))
        findings.add(
            .init(.stepFailed, "never_ready", severity: .critical, text: words.sentence(in: configuration.language)))
    }

    // MARK: Effects

    /// Removes what is left of a backend that takes no requests and has ended.
    @discardableResult
    mutating func remove(_ backend: Backend, _ fleet: inout FleetAtWork) async throws(RunFailure) -> Bool {
        try stopIfInterrupted()
        let isDone = try await effect(backend.name, mayTimeOut: true) { target, deadline async throws(TargetError) in
            try await target.remove(backend, before: deadline)
        }
        guard isDone else { return false }
        fleet.history.backends[backend.name] = nil
        fleet.started.removeAll { $0 == backend }
        fleet.hasChanged = true
        log.say(.removed(backend.name))
        return true
    }

    /// Brings NGINX to the serving set, if it is not there yet.
    mutating func publish(_ fleet: inout FleetAtWork) async throws(RunFailure) {
        guard let wanted = upstream.configuration(for: fleet.serving) else {
            log.say(.notice(.noneReady))  // rule 11: an upstream without a server is never written
            return
        }
        guard try differs(wanted, fleet.live) else {
            fleet.history.publishing = nil
            return
        }
        guard fleet.mayPublish else {
            sayUnpublished(fleet)
            return
        }
        try stopIfInterrupted()
        do throws(PublishFailure) {
            let published = try await upstream.publish(
                wanted, inPlaceOf: fleet.live, interruption: interruption, before: deadline)
            fleet.live = LiveUpstream(generation: wanted.generation, servers: Set(wanted.servers))
            fleet.history.publishing = nil
            if let copy = published.foreignCopy { log.say(.foreignFileKept(path: copy)) }
            if !published.leaving.isEmpty { log.say(.serversLeave(published.leaving)) }
            hasPublished = true
            log.say(.published(servers: wanted.servers.count))
            if let failure = published.copyFailure { fail(.file(failure)) }
        } catch {
            if error.hasCostReloads {
                fleet.history.publishing = .after(
                    fleet.history.publishing, circumstances: circumstances(fleet.live), at: now)
                fleet.mayPublish = false
            }
            throw .publish(error)
        }
    }

    /// The run could not do what it should, though it did not even try.
    private mutating func sayUnpublished(_ fleet: FleetAtWork) {
        fail(.failed)
        guard let wait = publicationWait(fleet.history, fleet.live) else { return }
        log.say(
            .publishFailed(
                Limit.unpublished(failures: wait.failures, remaining: wait.remaining)
                    .sentence(in: configuration.language)))
    }

    /// One call of the target. A target that is away ends the run; a refusal is said, and the run goes on with exit 1.
    /// - Parameter mayTimeOut: one backend that can't be ended (a process that the kernel holds) is no target that is away.
    @discardableResult
    mutating func effect(
        _ name: String, mayTimeOut: Bool = false,
        _ body: (any ScalingTarget, Deadline) async throws(TargetError) -> Void
    ) async throws(RunFailure) -> Bool {
        do throws(TargetError) {
            try await body(target, deadline)
            return true
        } catch {
            if mayTimeOut, case .timedOut = error { fail(ExitStatus(error)) } else { try passOver(error) }
            log.say(.effectFailed(name, why: error.sentence(in: configuration.language)))
            return false
        }
    }

    private mutating func passOver(_ error: TargetError) throws(RunFailure) {
        let status = ExitStatus(error)
        guard status == .failed else { throw .target(error) }
        fail(status)
    }

    func stopIfInterrupted() throws(RunFailure) {
        if let signal = interruption.signal { throw .interrupted(signal) }
    }

    // MARK: Starting

    /// Starts a new backend. One that could not be started is remembered as a failed start.
    mutating func start(_ name: String, _ fleet: inout FleetAtWork) async throws(RunFailure) -> Backend? {
        try stopIfInterrupted()
        log.say(.creating(name))
        do throws(TargetError) {
            return try await target.start(
                operation: name, created: now.wall, sparing: fleet.servedBefore.union(fleet.live?.servers ?? []),
                before: deadline)
        } catch {
            try startFailed(name, error, &fleet)
            return nil
        }
    }

    private mutating func startFailed(
        _ name: String, _ error: TargetError, _ fleet: inout FleetAtWork
    ) throws(RunFailure) {
        fleet.history.recordFailedStart(at: now)
        // A target that did not answer may have started it all the same: then it is starting, and not one that died.
        fleet.history.backends[name] = ExitStatus(error) == .failed ? nil : .init(startingSince: now)
        log.say(.startFailed(name, why: error.sentence(in: configuration.language)))
        try passOver(error)
    }

    /// Waits up to `READY_WAIT` for started backends; the ready ones join the serving set, the ended ones are removed.
    ///
    /// That a backend was ready is durable before NGINX sends it requests: if this run is killed then, the next one must
    /// not take it for one that never was.
    /// - Returns: whether all of them are ready.
    @discardableResult
    mutating func welcome(_ newcomers: [Backend], _ fleet: inout FleetAtWork) async throws(RunFailure) -> Bool {
        guard !newcomers.isEmpty else { return true }
        fleet.hasChanged = true
        fleet.started += newcomers
        for backend in newcomers {
            fleet.history.backends[backend.name] = .init(startingSince: now, incarnation: backend.incarnation)
        }
        for (backend, outcome) in await waitUntilReady(newcomers) {
            switch outcome {
            case .ready:
                fleet.history.backends[backend.name] = .init(
                    wasReady: true, incarnation: backend.incarnation, readySince: .now())
                if !fleet.history.isCrashLoop { fleet.history.backOff = nil }
                fleet.serving.append(backend)
            case .notYet where interruption.signal != nil: break  // it was not waited for that long
            case .notYet(let health):
                log.say(.notReadyYet(backend.name, after: configuration.readyWait, health: health))
            case .ended:
                fleet.history.recordFailedStart(at: now)
                let words = await target.lastWords(of: backend, before: deadline)
                let why =
                    configuration.language.choose("it ended before it was ready", "terminó antes de estar listo")
                    + (words.map { " (\($0.sentence(in: configuration.language)))" } ?? "")
                log.say(.startFailed(backend.name, why: why))
                fail(.failed)
                try await remove(backend, &fleet)
            }
        }
        try save(fleet.state)
        return newcomers.allSatisfy(fleet.serving.contains)
    }
}
