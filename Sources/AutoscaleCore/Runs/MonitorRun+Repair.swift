import Decisions

extension MonitorRun {
    /// R2 to R8, in that order. What fails is said and ends it, or is passed over where the rest does not depend on it.
    mutating func repair(_ decided: Decided, _ fleet: inout FleetAtWork) async {
        let plan = decided.plan
        do throws(RunFailure) {
            for backend in plan.remove {  // R2
                await sayLastWords(of: backend, in: plan)
                try await remove(backend, &fleet)
            }
            try await heal(decided, &fleet)  // R5
            if decided.step == nil { try await publish(&fleet) }  // R6
            for backend in plan.retire where fleet.isOut(backend) { try await remove(backend, &fleet) }  // R7
            try await goOn(with: plan.drain, step: decided.step, &fleet)  // R8
        } catch {
            fail(error)
        }
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
            guard case .live(let live) = upstream.ask(within: deadline.limited(.seconds(2))) else { return }
            fleet.live = live
            guard fleet.isOut(backend) else { return }
            try stopIfInterrupted()
            log.say(.stopped(backend.name, cut: cut))
            try await effect(backend.name) { target, deadline async throws(TargetError) in
                try await target.stop(backend, before: deadline)
            }
            try await remove(backend, &fleet)
            fleet.history.operation = nil
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

    /// Removes a backend that takes no requests.
    mutating func remove(_ backend: Backend, _ fleet: inout FleetAtWork) async throws(RunFailure) {
        try stopIfInterrupted()
        let isDone = try await effect(backend.name) { target, deadline async throws(TargetError) in
            try await target.remove(backend, before: deadline)
        }
        guard isDone else { return }
        fleet.history.backends[backend.name] = nil
        fleet.started.removeAll { $0 == backend }
        fleet.hasChanged = true
        log.say(.removed(backend.name))
    }

    /// Brings NGINX to the serving set, if it is not there yet.
    mutating func publish(_ fleet: inout FleetAtWork) async throws(RunFailure) {
        guard let wanted = upstream.configuration(for: fleet.serving) else {
            log.say(.notice(.noneReady))  // rule 11: an upstream without a server is never written
            return
        }
        guard try differs(wanted, fleet.live) else { return }
        try stopIfInterrupted()
        do throws(PublishFailure) {
            let published = try await upstream.publish(
                wanted, inPlaceOf: fleet.live, interruption: interruption, before: deadline)
            fleet.live = LiveUpstream(generation: wanted.generation, servers: Set(wanted.servers))
            if let copy = published.foreignCopy { log.say(.foreignFileKept(path: copy)) }
            if !published.leaving.isEmpty { log.say(.serversLeave(published.leaving)) }
            hasPublished = true
            log.say(.published(servers: wanted.servers.count))
            if let failure = published.copyFailure { fail(.file(failure)) }
        } catch {
            throw .publish(error)
        }
    }

    /// One call of the target. A target that is away ends the run; a refusal is said, and the run goes on with exit 1.
    @discardableResult
    mutating func effect(
        _ name: String, _ body: (any ScalingTarget, Deadline) async throws(TargetError) -> Void
    ) async throws(RunFailure) -> Bool {
        do throws(TargetError) {
            try await body(target, deadline)
            return true
        } catch {
            try passOver(error)
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
                operation: name, created: now.wall, sparing: fleet.live?.servers ?? [], before: deadline)
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
        for backend in newcomers { fleet.history.backends[backend.name] = .init(startingSince: now) }
        for (backend, outcome) in await waitUntilReady(newcomers) {
            switch outcome {
            case .ready:
                fleet.history.backends[backend.name] = .init(wasReady: true)
                fleet.history.backOff = nil
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
