/// What has to be done to bring reality back to what was decided: who is dead, due, drained or missing.
///
/// Pure: the world as it was found, the memory and the policy in; the plan out. The R numbers are the stations of
/// docs/order-of-effects.md; a plan is carried out in their order.
package struct RepairPlan: Equatable, Sendable {
    /// Every backend that was found, with where it stands; the oldest first.
    package private(set) var standings: [BackendStanding]
    /// R2: never started, or never ready in time, and not in the upstream; one that took over the address of a served one is
    /// retired.
    package private(set) var remove: [Backend] = []
    /// R5: exited ones to start again …
    package private(set) var restart: [Backend] = []
    /// … and how many new ones to start.
    package private(set) var start = 0
    /// R7: to go once NGINX is seen not to serve them: what runs is asked to end, and not while it holds connections.
    package private(set) var retire: [Backend] = []
    /// R3, R4, R8: what becomes of the drain that an earlier run began.
    package private(set) var drain = DrainPlan.none
    package private(set) var notices: [Notice] = []
    /// The memory after this plan; what the next run starts from.
    package private(set) var history: ScalingHistory
    package let policy: RepairPolicy
    private var failureIsShared = false
    /// Whether the draining backend still answers, so that it could be taken back.
    package private(set) var drainingIsReady = false

    package struct BackendStanding: Equatable, Sendable {
        package let backend: Backend
        package internal(set) var standing: Standing
    }

    package init(for fleet: ObservedFleet, history: ScalingHistory, policy: RepairPolicy, now: Moment) {
        self.policy = policy
        self.history = history
        standings = []
        recognize(fleet, now: now)
        recall(fleet)
        standings = fleet.backends.map {
            BackendStanding(backend: $0.backend, standing: standing(of: $0, now: now))
        }
        spareFleetWithSharedFailure()
        planDrain(fleet, now: now)
        takeBackWhatIsNeeded()
        planRemovals(fleet, now: now)
        planReplacements(missed: vanished(from: history), now: now)
        remember(fleet, now: now)
    }

    /// R6: what the upstream should hold before anything is started: ready, and not draining.
    package var ready: [Backend] { backends(.ready) }

    /// Backends that count against the bounds.
    package var counted: [Backend] {
        standings.filter { $0.standing.counts && !(policy.sendsRequests && $0.backend.isUnreachable) }.map(\.backend)
    }

    /// Whether a backend answers well, though it is to go.
    package func answers(_ backend: Backend) -> Bool {
        standings.contains { $0.backend == backend && $0.standing == .draining }
    }

    /// Whether backends are started in this run (R5), which leaves no room for a step.
    package var startsBackends: Bool { start > 0 || !restart.isEmpty }

    /// The youngest backend that this tool started: what a step down takes.
    package var victim: Backend? { counted.last(where: \.isManaged) }

    private func backends(_ standing: Standing) -> [Backend] {
        standings.filter { $0.standing == standing }.map(\.backend)
    }

    // MARK: Where each backend stands

    /// Memory by name outlives the thing that it is about: after a reboot, or a restart of all containers, nobody is taken for
    /// dead who only boots.
    ///
    /// One that is started again and again without ever being ready is not given the time anew, unless the host was.
    private mutating func recognize(_ fleet: ObservedFleet, now: Moment) {
        for backend in fleet.backends.map(\.backend) {
            guard let memory = history.backends[backend.name] else { continue }
            if let incarnation = backend.incarnation, let known = memory.incarnation, known != incarnation {
                let goesOn = !memory.wasReady && memory.startingSince?.boot == now.boot
                history.backends[backend.name] = .init(
                    startingSince: goesOn ? memory.startingSince : now, isAdopted: memory.isAdopted,
                    incarnation: incarnation)
                // One that was asked to end is to go in its next life, too.
                if let departure = memory.departure, departure.isStopOrdered {
                    history.backends[backend.name]?.departure = .init(isStopOrdered: true)
                }
            } else if let since = memory.startingSince, since.boot != now.boot {
                history.backends[backend.name]?.startingSince = now
            }
        }
    }

    /// A served backend was ready once, also when the memory of it is lost.
    ///
    /// Unless it is known to be starting, or the others are remembered and it is not: then NGINX still serves the address of
    /// the one that had it before.
    private mutating func recall(_ fleet: ObservedFleet) {
        let isForgotten = history.backends.isEmpty
        for backend in fleet.backends.map(\.backend) where fleet.isServed(backend) {
            guard isForgotten || history.backends[backend.name].map({ $0.startingSince == nil }) == true else {
                continue
            }
            history.backends[backend.name, default: .init()].wasReady = true
        }
    }

    private func standing(of observed: ObservedBackend, now: Moment) -> Standing {
        let backend = observed.backend
        let memory = history.backends[backend.name]
        let wasReady = memory?.wasReady ?? false
        let waited = memory?.startingSince?.elapsed(until: now) ?? .zero
        let notYet = waited >= policy.startupTimeout ? Standing.failed : .starting
        switch backend.activity {
        case .created: return backend.isManaged ? .leftover : .exited
        case .exited: return backend.isManaged && memory != nil && !wasReady ? .failed : .exited
        case .restarting: return wasReady ? .dead : notYet
        case .frozen: return .frozen
        case .running: break
        }
        let isLeaving = memory?.departure != nil
        let isToEnd = memory?.departure?.isStopOrdered == true
        switch observed.health {
        case .ready: return isLeaving ? .draining : .ready
        case _ where isToEnd: return .dead
        case .refused, .unprobed: return wasReady ? .dead : notYet
        case .unhealthy, .impostor:
            guard wasReady, let memory else { return notYet }
            return memory.unhealthyRuns > 0 || isLeaving ? .dead : .unhealthy
        }
    }

    /// When all that were ready fail while they run, the cause is shared, and replacing them would not help.
    ///
    /// One alone can't be told from a shared cause. It is replaced, but stays until the new one is ready.
    private mutating func spareFleetWithSharedFailure() {
        guard ready.isEmpty else { return }
        let failing = standings.indices.filter {
            standings[$0].backend.activity == .running && [.dead, .unhealthy].contains(standings[$0].standing)
                && standings[$0].backend.name != history.operation?.backend
                && history.backends[standings[$0].backend.name]?.departure?.hasBegun != true
        }
        guard failing.count > 1 else { return }
        for index in failing { standings[index].standing = .unhealthy }
        failureIsShared = true
        notices.append(.sharedFailure(count: failing.count))
    }

    // MARK: R3, R4, R8

    private mutating func planDrain(_ fleet: ObservedFleet, now: Moment) {
        guard let operation = history.operation else { return }
        guard operation.direction == .down,
            let index = standings.firstIndex(where: { $0.backend.name == operation.backend })
        else {
            history.operation = nil  // R3: gone; or a step up, which the discovery carries on
            return
        }
        let backend = standings[index].backend
        if [.exited, .failed, .leftover].contains(standings[index].standing) {
            history.operation = nil
            standings[index].standing = .exited
            history.backends[backend.name, default: .init()].isReplaced = true  // it ended as decided: nobody misses it
            return
        }
        let others = ready.count { $0.name != backend.name }
        let departure = history.backends[backend.name]?.departure
        let isStopOrdered = departure?.isStopOrdered == true
        let answers = [.ready, .draining].contains(standings[index].standing)
        if answers, others < policy.backends.lowerBound {
            history.operation = nil
            standings[index].standing = .ready
            history.backends[backend.name]?.departure = nil
            drain = .cancel(backend)
            notices.append(.drainCancelled(backend.name))
            return
        }
        drainingIsReady = answers && !isStopOrdered
        standings[index].standing = .draining
        guard let left = operation.left, !fleet.isServed(backend), fleet.served != nil else {
            history.operation?.left = nil
            drain = .leaving(backend)
            return
        }
        let elapsed = left.elapsed(until: now)
        if elapsed < policy.drainSeconds {
            drain = .waiting(backend, remaining: policy.drainSeconds - elapsed)
        } else if elapsed >= policy.drainTimeout || fleet.drainingConnections == 0 {
            drain = .stop(backend, cutting: fleet.drainingConnections)
        } else {
            drain = .busy(backend, connections: fleet.drainingConnections)
        }
    }

    /// One that was to go and answers again, where fewer than `MIN_BACKENDS` would be ready without it.
    private mutating func takeBackWhatIsNeeded() {
        for index in standings.indices where standings[index].standing == .draining {
            let name = standings[index].backend.name
            guard ready.count < policy.backends.lowerBound, name != history.operation?.backend else { continue }
            standings[index].standing = .ready
            history.backends[name]?.departure = nil
            notices.append(.drainCancelled(name))
        }
    }

    // MARK: R2, R7

    private mutating func planRemovals(_ fleet: ObservedFleet, now: Moment) {
        let useless = (backends(.leftover) + backends(.failed)).filter(\.isManaged)
        remove = useless.filter { !fleet.isServed($0) }
        retire = useless.filter { fleet.isServed($0) }
        for failed in backends(.failed) {
            // What is leaving was said, and counted, when it began to leave.
            if history.backends[failed.name]?.departure != nil { continue }
            if failed.isManaged, history.backends[failed.name]?.isReplaced != true {
                history.recordFailedStart(at: now)
                history.backends[failed.name]?.isReplaced = true  // one that waits for NGINX is not counted again
            }
            if !failed.isManaged, failed.isUnreachable { continue }  // said where it is discovered, and never counted
            notices.append(
                .neverReady(
                    failed.name, after: policy.startupTimeout, adopted: !failed.isManaged,
                    health: fleet.health(of: failed)))
        }
    }

    // MARK: R5

    /// Backends of ours that served and are no longer found at all.
    private func vanished(from before: ScalingHistory) -> [String] {
        let found = Set(standings.map(\.backend.name))
        return before.backends.filter { name, memory in
            memory.wasReady && !memory.isAdopted && !memory.isReplaced && !found.contains(name)
                && before.operation?.backend != name
        }.keys.sorted()
    }

    private mutating func planReplacements(missed: [String], now: Moment) {
        let lost = standings.filter { entry in
            let memory = history.backends[entry.backend.name]
            return [.dead, .exited].contains(entry.standing) && entry.backend.isManaged && memory?.wasReady == true
                && memory?.isReplaced == false
        }.map(\.backend)
        let fresh = lost.filter { history.backends[$0.name]?.departure == nil }
        notices += fresh.map { .lost($0.name, $0.activity) } + missed.map { .vanished($0) }
        let mayReplace = history.backOff.map { $0.since.elapsed(until: now) >= $0.delay } ?? true
        let alive = counted.count
        let wanted = alive + (mayReplace ? lost.count + missed.count : 0)
        let missing = max(policy.backends.lowerBound, min(policy.backends.upperBound, wanted)) - alive
        let exited = backends(.exited).filter(\.isManaged)
        let usable = exited.filter {
            let memory = history.backends[$0.name]
            return $0.activity == .exited && memory?.isReplaced != true && memory?.departure?.isStopOrdered != true
        }
        restart = Array(usable.prefix(max(0, missing)))
        start = max(0, missing - restart.count)
        for backend in lost where missing > 0 { history.backends[backend.name]?.isReplaced = true }
        retire += exited.filter { !restart.contains($0) } + backends(.dead).filter(\.isManaged)
        retire += backends(.draining).filter {
            $0.isManaged && history.backends[$0.name]?.departure != nil && $0.name != history.operation?.backend
        }
        noteEarlyLosses(of: fresh.map(\.name) + missed, now: now)
    }

    /// Backends that become ready and die young, one after the other, are starts that failed, only later.
    private mutating func noteEarlyLosses(of lost: [String], now: Moment) {
        let memories = history.backends
        let youth = policy.youth
        if lost.contains(where: { memories[$0]?.isYoung(at: now, youth: youth) == true }) {
            history.earlyLosses = (history.earlyLosses ?? 0).counted
            if history.isCrashLoop { history.recordFailedStart(at: now) }
            return
        }
        // Forgiven once those that are there have grown old: not while one is yet to show it, nor before the next one was
        // due and had its time.
        let isProving = standings.contains {
            $0.standing == .starting
                || ($0.standing == .ready && memories[$0.backend.name]?.isProving(at: now, youth: youth) != false)
        }
        let isDue = history.backOff.map { $0.since.elapsed(until: now) >= $0.delay + youth } ?? true
        guard !isProving, !ready.isEmpty, start == 0, isDue || !history.isCrashLoop else { return }
        if history.isCrashLoop { history.backOff = nil }
        history.earlyLosses = nil
    }

    // MARK: Memory

    private mutating func remember(_ fleet: ObservedFleet, now: Moment) {
        let going = Set((remove + retire).map(\.name))
        var memories: [String: ScalingHistory.Memory] = [:]
        for entry in standings {
            let name = entry.backend.name
            var memory = history.backends[name] ?? .init()
            memory.isAdopted = !entry.backend.isManaged
            switch entry.standing {
            case .ready:
                // A start that came good ends the back-off, unless the ones before it came good, too, and died.
                if memory.startingSince != nil, !history.isCrashLoop { history.backOff = nil }
                let isNew = memory.startingSince != nil || !memory.wasReady
                memory = .init(
                    wasReady: true, isAdopted: memory.isAdopted, readySince: isNew ? now : memory.readySince)
            case .starting, .failed: memory.startingSince = memory.startingSince ?? now
            case .unhealthy where failureIsShared: memory.unhealthyRuns = 0
            case .unhealthy, .dead: memory.unhealthyRuns = memory.unhealthyRuns.counted
            case .exited where restart.contains(entry.backend): memory = .init(startingSince: now)
            case .leftover, .exited, .draining, .frozen: break
            }
            memory.incarnation = entry.backend.incarnation ?? memory.incarnation
            if going.contains(name), entry.backend.runs {
                var departure = memory.departure ?? .init()
                let isOut = fleet.served != nil && !fleet.isServed(entry.backend)
                departure.left = isOut ? departure.left ?? now : nil
                memory.departure = departure
            }
            memories[name] = memory
        }
        history.backends = memories
    }
}

/// What becomes of an open drain in this run.
package enum DrainPlan: Equatable, Sendable {
    case none
    /// R4: it goes back into the upstream.
    case cancel(Backend)
    /// NGINX still serves it, or was not seen without it yet: the wait begins when it is.
    case leaving(Backend)
    case waiting(Backend, remaining: Duration)
    /// `DRAIN_SECONDS` are over and it still holds connections (`nil`: they could not be counted).
    case busy(Backend, connections: Int?)
    /// S6: it is idle, or `DRAIN_TIMEOUT` is over and this many connections are cut.
    case stop(Backend, cutting: Int?)

    /// The backend that is on its way out.
    package var backend: Backend? {
        switch self {
        case .none, .cancel: nil
        case .leaving(let backend), .waiting(let backend, _), .busy(let backend, _), .stop(let backend, _): backend
        }
    }

    /// Whether the drain ends in this run.
    package var isEnding: Bool {
        if case .stop = self { true } else { false }
    }
}

/// What an operator should know about the fleet.
package enum Notice: Equatable, Sendable {
    /// All that were ready fail together: none is removed, the last published set stays.
    case sharedFailure(count: Int)
    case noneReady
    case lost(String, Backend.Activity)
    case vanished(String)
    /// With what its health path answered last.
    case neverReady(String, after: Duration, adopted: Bool, health: Health? = nil)
    case drainCancelled(String)
}

extension ScalingHistory.Memory {
    /// It has been ready, and not for long.
    fileprivate func isYoung(at now: Moment, youth: Duration) -> Bool {
        readySince.map { $0.elapsed(until: now) < youth } ?? false
    }

    /// The same of one that is ready: this run may be the first to find it so.
    fileprivate func isProving(at now: Moment, youth: Duration) -> Bool {
        startingSince != nil || !wasReady || isYoung(at: now, youth: youth)
    }
}
