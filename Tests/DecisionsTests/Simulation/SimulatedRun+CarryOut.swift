@testable import Decisions

extension SimulatedRun {
    /// Carries one effect out in the simulated world: what can go wrong does where the world says so.
    mutating func carryOut(_ effect: FleetEffect, of course: FleetCourse) -> FleetEvent {
        if let event = misdo(effect, of: course) { return event }
        switch effect {
        case .save(let history): save(history, of: course)
        case .conclude(let history): save(history, of: course)
        case .remember, .tell: break
        case .remove(let backend): return remove(backend)
        case .restart(let backend): return restart(backend)
        case .start(let name, _): return start(name)
        case .awaitReady(let backends): return awaitReady(backends)
        case .compare(let backends): return .compared(differs: differs(Ports(backends)))
        case .publish(let backends): return publish(Ports(backends))
        case .countConnections(let backend):
            return .counted(
                world.index(backend.name).map { world.isPublished && world.backends[$0].isBusy ? 3 : 0 } ?? 0)
        case .lookAgain:
            live = seen
            return live.map { .seen($0.servers) } ?? .unseen
        case .end(let ending): return end(ending)
        }
        return .done
    }

    private mutating func save(_ history: ScalingHistory, of course: FleetCourse) {
        let isIntent = course.step != nil && history.lastStep?.time == now && !stepIsIntended
        if isIntent, let step = course.step {
            stepIsIntended = true
            judgeStep(step, course.plan)
        }
        if !isIntent || bug != .stampsAfterwards { keep(history) }
        if isIntent { noteStep() }
        if !isHoldingJudged, let decision { judgeHolding(decision) }
        isHoldingJudged = true
    }

    mutating func keep(_ history: ScalingHistory) {
        let history = history.as(kept: bug, without: forgotten)
        guard world.memory != .kept(history) else { return }
        effect(.save) { $0.memory = .kept(history) }
    }

    // MARK: The target

    mutating func remove(_ backend: Backend) -> FleetEvent {
        judgeRemoval(of: backend.name)
        return act(.remove(backend.name), on: backend.name) { world in
            world.backends.removeAll { $0.name == backend.name }
        }
    }

    private mutating func end(_ ending: FleetEffect.Ending) -> FleetEvent {
        let name = ending.backend.name
        judgeRemoval(of: name)
        if case .stop = ending { noteAsked(name) }
        return act(.stop(name), on: name) { world in
            if let index = world.index(name) { world.backends[index].activity = .exited }
        }
    }

    /// One call of the target that is not a start.
    private mutating func act(
        _ action: SimulatedEffect, on name: String, _ change: (inout SimulatedWorld) -> Void
    ) -> FleetEvent {
        let isStuck = world.index(name).map { world.backends[$0].isStuck } ?? false
        let fault = takeFault() ?? (isStuck ? .refused : nil)
        if fault == nil || fault == .timedOutButDone { effect(action, change) }
        hasFailed = hasFailed || fault != nil
        return switch fault {
        case .none: .done
        case .refused: .refused
        case .timedOut, .timedOutButDone: .timedOut
        }
    }

    private mutating func restart(_ backend: Backend) -> FleetEvent {
        let canRestart = world.index(backend.name).map { world.backends[$0].canRestart } ?? false
        let fault = takeFault() ?? (canRestart ? nil : .refused)
        if fault == nil || fault == .timedOutButDone { makeRun(backend.name) }
        return started(backend.name, fault)
    }

    mutating func start(_ name: String) -> FleetEvent {
        judgeStart(of: name)
        let fault = takeFault()
        if world.target == .containers, world.index(name) == nil, fault != .timedOut {
            effect(.create(name)) { $0.add(name, activity: .created) }
        }
        switch fault {
        case .none, .timedOutButDone: makeRun(name)
        case .refused: effect(.remove(name)) { world in world.backends.removeAll { $0.name == name } }
        case .timedOut: break
        }
        startedNames.insert(name)
        return started(name, fault)
    }

    private mutating func started(_ name: String, _ fault: SimulatedWorld.TargetFault?) -> FleetEvent {
        if fault != nil { forgotten.insert(name) }
        hasFailed = hasFailed || fault != nil
        switch fault {
        case .none: return world.index(name).map { .started(world.backends[$0].backend) } ?? .refused
        case .refused: return .refused
        case .timedOut, .timedOutButDone:
            hasExcuse = true
            return .unavailable
        }
    }

    private mutating func makeRun(_ name: String) {
        effect(.start(name)) { world in
            if world.target == .processes, world.index(name) == nil { world.add(name, activity: .created) }
            guard let index = world.index(name), !world.backends[index].isRunning else { return }
            world.backends[index].startedAt = world.clock.milliseconds
            world.backends[index].life += 1
            world.backends[index].isBusy = false
            world.backends[index].isStartForgotten = false
            world.backends[index].activity = .running
            world.backends[index].condition = .starting
        }
    }

    private mutating func awaitReady(_ backends: [Backend]) -> FleetEvent {
        let outcomes = backends.map { awaitOutcome(of: $0.name) }
        waitInside(seconds: outcomes.allSatisfy { $0?.isLive == true } ? 2 : 20)
        hasFailed = hasFailed || outcomes.contains { $0?.isRunning != true }
        return .awaited(
            zip(backends, outcomes).map { backend, outcome in
                let isThere = outcome?.isRunning == true
                return Arrival(backend, outcome?.isLive == true ? .ready : isThere ? .notYet(.refused) : .ended)
            })
    }

    // MARK: NGINX

    private mutating func publish(_ wanted: Ports) -> FleetEvent {
        judgePublication()
        if !world.isPublished { complain("publishes, and there is nobody to tell") }
        let good = fallback
        write(wanted)
        waitInside(seconds: 1)
        if world.nginx.failsTest { return rollBack(to: good, reload: false, .notTaken(circumstances: nil)) }
        effect(.reload) { $0.nginx.reload() }
        if bug != .doesNotConfirm {
            if isInterrupted { return rollBack(to: good, reload: true, .rolledBack) }
            if world.nginx.served != wanted { return rollBack(to: good, reload: true, nil) }
        }
        if world.nginx.lastGood != wanted { effect(.keepLastGood(wanted)) { $0.nginx.lastGood = wanted } }
        live = wanted
        clearFailedPublications()
        return .done
    }

    /// What a failed attempt goes back to: what NGINX served before it, and where that was nothing of ours, the file as
    /// it was found.
    private var fallback: Ports? {
        bug == .rollsBackToLastGood ? world.nginx.lastGood ?? world.nginx.file : live ?? world.nginx.file
    }

    /// - Parameter event: `nil` where NGINX was reloaded and does not show what it was given.
    private mutating func rollBack(to good: Ports?, reload: Bool, _ event: FleetEvent?) -> FleetEvent {
        hasExcuse = true
        write(good)
        if reload { effect(.reload) { $0.nginx.reload() } }
        if let event { return event }
        let circumstances = circumstances(live)
        noteFailedPublication()
        return .notTaken(circumstances: circumstances)
    }

    mutating func write(_ ports: Ports?) {
        guard world.nginx.file != ports else { return }
        effect(.writeFile(ports)) { $0.nginx.file = ports }
    }
}
