@testable import Decisions

/// What must hold after every single effect, judged against the world as the run found it: an attempt that fails may
/// go back to that, and to nothing worse.
struct Safety {
    private let dead: Ports
    private let live: Int

    init(of world: SimulatedWorld) {
        // An NGINX that serves nothing of ours may load what it finds there, whatever became of that since.
        dead = (world.nginx.served ?? world.nginx.file ?? []).subtracting(world.inService)
        live = world.atWork.count
    }

    func complaints(after world: SimulatedWorld) -> [String] {
        var complaints: [String] = []
        let now = Safety(of: world)
        let worse = now.dead.subtracting(dead)
        if !worse.isEmpty { complaints.append("NGINX now serves \(worse), where nothing runs") }
        if now.live < min(live, world.bounds.lowerBound) {
            complaints.append("live backends in rotation: \(live), now \(now.live)")
        }
        if world.nginx.file == [] { complaints.append("an upstream without a server was written") }
        return complaints
    }
}

extension SimulatedRun {
    /// A backend that answers well may go only when its drain is over, or when it never took a request.
    mutating func judgeRemoval(of name: String) {
        guard let index = world.index(name) else { return }
        let backend = world.backends[index]
        if !backend.isManaged { complain("touches \(name), which is adopted") }
        guard backend.isRunning else { return }
        if backend.isWorker {
            judgeEnd(of: backend)
            return
        }
        if backend.isInService, world.served.contains(backend.port) { complain("removes \(name), which NGINX serves") }
        if let since = backend.rememberedStart, backend.condition == .starting,
            name != world.draining, name != plan?.drain.backend?.name, !startedNames.contains(name)
        {
            let age = startedAt - since
            if age < Self.startupTimeout { complain("removes \(name), which is starting for \(age) ms") }
        }
        if let left = backend.leftAt ?? (backend.wasServed ? nil : 0), backend.isBusy,
            world.clock.milliseconds - left < 300_000, !startedNames.contains(name)
        {
            complain("removes \(name), which holds connections")
        }
        if sharedFailure.contains(name) { complain("removes \(name), though all fail together") }
        guard backend.isLive, backend.wasServed, !startedNames.contains(name) else { return }
        guard let left = backend.leftAt else {
            complain("removes \(name), which is well and was not drained")
            return
        }
        let waited = world.clock.milliseconds - left
        if waited < 30_000 || (backend.isBusy && waited < 300_000) {
            complain("removes \(name), which left NGINX \(waited) ms ago, busy: \(backend.isBusy)")
        }
    }

    /// A worker may end where the state file says so: a step chose it, it is on its way out, or it never came about.
    private mutating func judgeEnd(of worker: SimulatedBackend) {
        let isToGo = worker.name == world.draining || world.leaving.contains(worker.name)
        if !isToGo, !startedNames.contains(worker.name) { complain("ends \(worker.name), which works") }
    }

    /// A failing effect must not be repeated at full rate: a minute after the first failure at the earliest, and later after
    /// more, unless something is another than it was.
    mutating func judgePublication() {
        guard world.failedPublications > 1, let at = world.publicationFailedAt, world.failedOver == world.nginx,
            case .kept(let history) = world.memory, let publishing = history.publishing, publishing.failures > 1
        else { return }
        let waited = startedAt - at
        if waited < 115_000, startedAt != at { complain("publishes again after \(waited) ms") }
    }

    /// A step up is held back for a repair or a publication once, not in every run.
    mutating func judgeHolding(_ decision: ScalingDecision) {
        noteHolding(decision.isHeldBack)
        if world.heldBack > 1 { complain("a step up is held back for \(world.heldBack) runs") }
    }

    mutating func judgeStart(of name: String) {
        let draining = world.draining
        let present = world.backends.count {
            $0.name != draining && !world.leaving.contains($0.name) && (startedNames.contains($0.name) || $0.isLive)
        }
        if present >= world.bounds.upperBound { complain("starts \(name) beside \(present) others") }
    }

    /// A cooldown is neither skipped nor endless.
    mutating func judge(_ decision: ScalingDecision) {
        for case .cooldown(_, let remaining) in decision.limits {
            let passed = min(startedAt - (world.steppedAt ?? startedAt), startedAt - world.clock.bootedAt)
            if remaining > .milliseconds(60_000 - passed) {
                complain("waits \(remaining) more, and \(passed) ms have passed since the last step")
            }
        }
    }

    /// The program counts from the start of the run that started it, up to half a minute earlier.
    private static let startupTimeout = 90_000

    /// One that is starting has `STARTUP_TIMEOUT` for that, whoever had its address before.
    mutating func judge(_ plan: RepairPlan) {
        for entry in plan.standings where entry.standing == .ready && world.asked.contains(entry.backend.name) {
            if plan.ready.count > world.bounds.lowerBound {
                complain("takes \(entry.backend.name) back, which was to go")
            }
            noteTakenBack(entry.backend.name)
        }
        for entry in plan.standings where [.dead, .failed].contains(entry.standing) {
            guard let index = world.index(entry.backend.name), world.backends[index].isRunning,
                world.backends[index].condition == .starting, !world.backends[index].isStartForgotten,
                !world.asked.contains(entry.backend.name),
                let since = world.backends[index].rebootedAt, startedAt - since < Self.startupTimeout
            else { continue }
            complain("takes \(entry.backend.name) for \(entry.standing), which boots")
        }
        for entry in plan.standings where [.dead, .failed].contains(entry.standing) {
            guard let index = world.index(entry.backend.name), world.backends[index].isRunning,
                let since = world.backends[index].rememberedStart, startedAt - since < Self.startupTimeout
            else { continue }
            complain("takes \(entry.backend.name) for \(entry.standing), started \(startedAt - since) ms ago")
        }
    }

    mutating func judgeStep(_ step: Step, _ plan: RepairPlan) {
        if let steppedAt = world.steppedAt, startedAt - steppedAt < 55_000 {
            complain("takes a step \(startedAt - steppedAt) ms after the last one")
        }
        if let open = plan.drain.backend, !plan.drain.isEnding, step != .takeBack(open) {
            complain("takes another step while \(open.name) drains")
        }
        if step == .start, plan.counted.count >= world.bounds.upperBound {
            complain("takes a step up with \(plan.counted.count) backends")
        }
    }
}

extension SimulatedWorld {
    /// The backend on its way out, as the state file has it.
    var draining: String? {
        guard case .kept(let history) = memory, let operation = history.operation, operation.direction == .down else {
            return nil
        }
        return operation.backend
    }

    /// Those that are to go, whatever the reason, as the state file has it.
    var leaving: Set<String> {
        guard case .kept(let history) = memory else { return [] }
        return Set(history.backends.filter { $0.value.departure != nil }.keys)
    }

    /// What is not as it should be once a run had the time to repair; empty where all is in order.
    var disorder: [String] {
        guard case .kept(let history) = memory else { return ["no state file"] }
        var disorder: [String] = []
        let draining = draining
        let ready = backends.reduce(into: Ports()) { if $1.isLive, $1.name != draining { $0.insert($1.port) } }
        if isPublished, nginx.served != ready { disorder.append("served \(served), ready \(ready)") }
        if isPublished, nginx.file != nginx.served { disorder.append("file \(nginx.file ?? []), served \(served)") }
        for backend in backends where backend.isManaged && !backend.isLive && backend.name != draining {
            disorder.append("\(backend.name) is left, \(backend.activity), \(backend.condition)")
        }
        if ready.count < bounds.lowerBound { disorder.append("\(ready.count) ready") }
        let names = Set(backends.map(\.name))
        for name in history.backends.keys.sorted() where !names.contains(name) {
            disorder.append("\(name) is gone and remembered")
        }
        if let operation = history.operation, operation.direction == .up || !names.contains(operation.backend) {
            disorder.append("operation \(operation.direction) of \(operation.backend) is open")
        }
        return disorder
    }
}
