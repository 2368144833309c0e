@testable import Decisions

// MonitorRun+Repair.swift and UpstreamFile.swift
extension SimulatedRun {
    mutating func repair(_ plan: RepairPlan, _ step: Step?, _ fleet: inout FleetAtWork) -> Bool {
        do throws(Stop) {
            for backend in plan.remove where !isKept(backend) && !backend.runs { try remove(backend, &fleet) }  // R2
            let servesDead = fleet.live.map { !$0.isSubset(of: Ports(fleet.serving)) } ?? false
            let needsNGINX = plan.startsBackends || (step == .start && servesDead)
            let isTold = needsNGINX ? try tellNGINX(&fleet) : true
            try heal(plan, &fleet)  // R5
            guard isTold else { return false }
            if step == nil { try publish(&fleet) }  // R6
            return true
        } catch {
            hasFailed = true
            return false
        }
    }

    private mutating func tellNGINX(_ fleet: inout FleetAtWork) throws(Stop) -> Bool {
        do throws(Stop) {
            try publish(&fleet)
            return true
        } catch {
            guard error == .publishFailed else { throw error }
            hasFailed = true
            return false
        }
    }

    mutating func dismiss(_ plan: RepairPlan, _ step: Step?, _ fleet: inout FleetAtWork) {
        do throws(Stop) {
            for backend in plan.remove where backend.runs && !isKept(backend) { try dismiss(backend, in: plan, &fleet) }
            for backend in plan.retire { try dismiss(backend, in: plan, &fleet) }  // R7
            try goOn(with: plan.drain, step: step, &fleet)  // R8
        } catch {
            hasFailed = true
        }
    }

    private mutating func dismiss(_ backend: Backend, in plan: RepairPlan, _ fleet: inout FleetAtWork) throws(Stop) {
        guard bug == .removesServed || fleet.isOut(backend) else { return }
        guard backend.runs, bug != .killsWhatDoesNotAnswer else {
            try remove(backend, &fleet)
            return
        }
        var departure = fleet.history.backends[backend.name]?.departure ?? .init()
        departure.left = departure.left ?? world.clock.now
        fleet.history.backends[backend.name]?.departure = departure
        let connections = world.index(backend.name).map { world.backends[$0].isBusy ? 3 : 0 } ?? 0
        let policy = RepairPolicy(backends: world.bounds)
        guard
            policy.mayStop(
                departure, holding: connections, answers: plan.answers(backend), now: world.clock.now)
        else { return }
        try end(backend, &fleet)
    }

    private mutating func end(_ backend: Backend, _ fleet: inout FleetAtWork) throws(Stop) {
        if bug != .doesNotConfirm { fleet.live = world.nginx.served }
        guard bug == .removesServed || fleet.isOut(backend) else { return }
        try stopIfInterrupted()
        var departure = fleet.history.backends[backend.name]?.departure ?? .init(left: world.clock.now)
        departure.isStopOrdered = true
        if bug != .forgetsThatItStops {
            fleet.history.backends[backend.name, default: .init(wasReady: true)].departure = departure
            save(fleet.history)
        }
        judgeRemoval(of: backend.name)
        noteAsked(backend.name)
        let hasEnded = try act(.stop(backend.name), on: backend.name) { world in
            if let index = world.index(backend.name) { world.backends[index].activity = .exited }
        }
        let isGone = hasEnded ? try remove(backend, &fleet) : false
        if isGone || bug == .forgetsThatItStops, fleet.history.operation?.backend == backend.name {
            fleet.history.operation = nil
        }
    }

    private func isKept(_ backend: Backend) -> Bool {
        switch bug {
        case .keepsCreated: backend.activity == .created
        case .keepsSick: backend.activity != .created
        default: false
        }
    }

    private mutating func heal(_ plan: RepairPlan, _ fleet: inout FleetAtWork) throws(Stop) {
        var newcomers: [Backend] = []
        for backend in plan.restart {
            try stopIfInterrupted()
            let canRestart = world.index(backend.name).map { world.backends[$0].canRestart } ?? false
            let fault = takeFault() ?? (canRestart ? nil : .refused)
            if fault == nil || fault == .timedOutButDone { makeRun(backend.name) }
            switch fault {
            case .none: newcomers += found(backend.name).map { [$0] } ?? []
            case .some(let fault) where bug == .forgetsFailedStarts: try startFailed(backend.name, fault, &fleet)
            // Its memory stays: the next run takes it for a failed start, counts that, and removes it.
            case .some(let fault): try passOver(fault)
            }
        }
        for index in 0..<plan.start {
            if let backend = try start(newName(index), &fleet) { newcomers.append(backend) }
        }
        try welcome(newcomers, &fleet)
    }

    private mutating func goOn(with drain: DrainPlan, step: Step?, _ fleet: inout FleetAtWork) throws(Stop) {
        if case .takeBack = step { return }
        switch drain {
        case .none, .cancel: break
        case .leaving(let backend):
            guard fleet.isOut(backend) else { return }
            fleet.history.operation?.left = world.clock.now
        case .waiting(let backend, _), .busy(let backend, _):
            guard bug == .stopsBeforeItIsIdle else { return }
            try remove(backend, &fleet)
        case .stop(let backend, _):
            try end(backend, &fleet)
        }
    }

    // MARK: The target

    /// One call of the target that is not a start.
    /// - Returns: whether it did it.
    @discardableResult
    mutating func act(
        _ action: SimulatedEffect, on name: String, _ change: (inout SimulatedWorld) -> Void
    ) throws(Stop) -> Bool {
        let isStuck = world.index(name).map { world.backends[$0].isStuck } ?? false
        let fault = takeFault() ?? (isStuck ? .refused : nil)
        if fault == nil || fault == .timedOutButDone { effect(action, change) }
        switch fault {
        case .none: return true
        case .refused:
            hasFailed = true
            return false
        case .timedOut, .timedOutButDone:
            hasFailed = true
            return false
        }
    }

    @discardableResult
    mutating func remove(_ backend: Backend, _ fleet: inout FleetAtWork) throws(Stop) -> Bool {
        try stopIfInterrupted()
        judgeRemoval(of: backend.name)
        let isDone = try act(.remove(backend.name), on: backend.name) { world in
            world.backends.removeAll { $0.name == backend.name }
        }
        if isDone { fleet.history.backends[backend.name] = nil }
        return isDone
    }

    mutating func start(_ name: String, _ fleet: inout FleetAtWork) throws(Stop) -> Backend? {
        try stopIfInterrupted()
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
        guard let fault else { return found(name) }
        try startFailed(name, fault, &fleet)
        return nil
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

    private func found(_ name: String) -> Backend? { world.index(name).map { world.backends[$0].backend } }

    private mutating func startFailed(
        _ name: String, _ fault: SimulatedWorld.TargetFault, _ fleet: inout FleetAtWork
    ) throws(Stop) {
        fleet.history.recordFailedStart(at: now)
        // After a time-out it may be there all the same.
        if fault == .refused || bug == .forgetsFailedStarts { fleet.history.backends[name] = nil }
        try passOver(fault)
    }

    private mutating func passOver(_ fault: SimulatedWorld.TargetFault) throws(Stop) {
        guard fault == .refused else { throw .targetAway }
        hasFailed = true
    }

    @discardableResult
    mutating func welcome(_ newcomers: [Backend], _ fleet: inout FleetAtWork) throws(Stop) -> Bool {
        guard !newcomers.isEmpty else { return true }
        for backend in newcomers {
            fleet.history.backends[backend.name] = .init(startingSince: now, incarnation: backend.incarnation)
        }
        let outcomes = newcomers.map { awaitOutcome(of: $0.name) }
        waitInside(seconds: outcomes.allSatisfy { $0?.isLive == true } ? 2 : 20)
        for (backend, outcome) in zip(newcomers, outcomes) {
            if outcome?.isLive == true {
                fleet.history.backends[backend.name] = .init(
                    wasReady: true, incarnation: backend.incarnation, readySince: world.clock.now)
                if !fleet.history.isCrashLoop { fleet.history.backOff = nil }
                fleet.serving.append(backend)
            } else if outcome?.isRunning != true {
                fleet.history.recordFailedStart(at: now)
                hasFailed = true
                try remove(backend, &fleet)
            }
        }
        return newcomers.allSatisfy(fleet.serving.contains)
    }

    // MARK: NGINX

    mutating func publish(_ fleet: inout FleetAtWork) throws(Stop) {
        let wanted = Ports(fleet.serving)
        guard !wanted.isEmpty || bug == .publishesNone else { return }
        guard fleet.live != wanted || world.nginx.file != wanted else {
            fleet.history.publishing = nil
            return
        }
        guard fleet.mayPublish || bug == .publishesAtFullRate else {
            hasFailed = true
            return
        }
        try stopIfInterrupted()
        judgePublication()
        if bug == .skipsTheSameFile, world.nginx.file == wanted { return }
        let good = fallback(from: fleet.live)
        write(wanted)
        waitInside(seconds: 1)
        if world.nginx.failsTest { try rollBack(to: good, reload: false, after: .publishFailed, &fleet) }
        effect(.reload) { $0.nginx.reload() }
        if bug != .doesNotConfirm {
            if isInterrupted { try rollBack(to: good, reload: true, after: .interrupted, &fleet) }
            if world.nginx.served != wanted { try rollBack(to: good, reload: true, after: .publishFailed, &fleet) }
        }
        if world.nginx.lastGood != wanted { effect(.keepLastGood(wanted)) { $0.nginx.lastGood = wanted } }
        fleet.live = wanted
        fleet.history.publishing = nil
        clearFailedPublications()
    }

    /// What a failed attempt goes back to: what NGINX served before it, and where that was nothing of ours, the file as
    /// it was found.
    private func fallback(from live: Ports?) -> Ports? {
        bug == .rollsBackToLastGood ? world.nginx.lastGood ?? world.nginx.file : live ?? world.nginx.file
    }

    private mutating func rollBack(
        to good: Ports?, reload: Bool, after stop: Stop, _ fleet: inout FleetAtWork
    ) throws(Stop) {
        write(good)
        if reload { effect(.reload) { $0.nginx.reload() } }
        if stop == .publishFailed, reload {
            fleet.history.publishing = .after(
                fleet.history.publishing, circumstances: circumstances(fleet.live), at: now)
            fleet.mayPublish = false
            noteFailedPublication()
        }
        throw stop
    }

    private mutating func write(_ ports: Ports?) {
        guard world.nginx.file != ports else { return }
        effect(.writeFile(ports)) { $0.nginx.file = ports }
    }
}
