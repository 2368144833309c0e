extension FleetCourse {
    /// Intent that can't be written: no effect starts.
    mutating func intendRepairs() -> FleetEffect? {
        guard !isInterrupted else {
            giveUp()
            return nil
        }
        return .save(history)
    }

    /// Before anything is started and waited for, NGINX is told who is ready: the others take requests that they can't
    /// answer, and those that are ready again are needed.
    mutating func tellNGINX() {
        if plan.startsBackends || (step == .start && servesDead) { putFirst(.compare(.beforeStarting)) }
    }

    /// NGINX sends requests to somebody who is not ready.
    private var servesDead: Bool {
        served.map { !$0.isSubset(of: serving.compactMap(\.address)) } ?? false
    }

    func start(_ name: String) -> FleetEffect { .start(name, sparing: servedBefore.union(served ?? [])) }

    /// A target that did not answer may have started it all the same: then it is starting, and not one that died.
    mutating func startFailed(_ name: String, _ event: FleetEvent) {
        history.recordFailedStart(at: now)
        history.backends[name] = event == .refused ? nil : .init(startingSince: now)
        if event != .refused { breakOff() }
    }

    mutating func awaitReady() -> FleetEffect? {
        guard !newcomers.isEmpty else { return nil }
        hasChanged = true
        started += newcomers
        for backend in newcomers {
            history.backends[backend.name] = .init(startingSince: now, incarnation: backend.incarnation)
        }
        defer { newcomers = [] }
        return .awaitReady(newcomers)
    }

    /// The ready ones join the serving set, the ended ones are removed.
    ///
    /// That one was ready is durable before NGINX sends it requests: if this run is killed then, the next one must not take it
    /// for one that never was.
    mutating func settle(_ arrival: Arrival) {
        let backend = arrival.backend
        switch arrival.outcome {
        case .ready:
            history.backends[backend.name] = .init(
                wasReady: true, incarnation: backend.incarnation, readySince: clock)
            if !history.isCrashLoop { history.backOff = nil }
            serving.append(backend)
        case .notYet where isInterrupted: break  // it was not waited for that long
        case .notYet(let health): putFirst(.tell(.notReadyYet(backend, health)))
        case .ended:
            history.recordFailedStart(at: now)
            putFirst(.tell(.endedEarly(backend)), .remove(backend))
        }
    }

    /// Nothing is left of it, and an operation ends with its backend.
    mutating func forget(_ backend: Backend) {
        history.backends[backend.name] = nil
        if history.operation?.backend == backend.name { history.operation = nil }
        started.removeAll { $0 == backend }
        removed.insert(backend.name)
        hasChanged = true
    }

    /// The run is over. What counts is said where anything has changed.
    mutating func close() {
        history.recordRun(at: now)
        putFirst(.conclude)
        guard hasChanged else { return }
        var names = Set((plan.counted + serving + started).map(\.name))
        names.subtract(removed)
        if let operation = history.operation, operation.direction == .down { names.remove(operation.backend) }
        putFirst(.tell(.active(names.count)))
    }
}
