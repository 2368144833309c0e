@testable import Decisions

/// What distinguishes two worlds for all that a run will ever do: names become ranks, times become ages.
struct Fingerprint: Hashable {
    private var numbers: [Int] = []

    init(_ world: SimulatedWorld) {
        let now = world.clock.now
        let backends = world.backends.sorted { ($0.created, $0.name) < ($1.created, $1.name) }
        var history = ScalingHistory()
        switch world.memory {
        case .none: numbers.append(0)
        case .broken: numbers.append(1)
        case .kept(let kept):
            numbers.append(2)
            history = kept
        }
        for backend in backends {
            add(backend, memory: history.backends[backend.name], at: now, trueTime: world.clock.milliseconds)
        }
        let names = backends.map(\.name)
        let absent = history.backends.filter { !names.contains($0.key) }.values
        numbers += [-1, absent.count, absent.count(where: \.wasReady)]
        numbers += [world.nginx.file, world.nginx.served, world.nginx.lastGood].map { Int($0?.rawValue ?? 1 << 62) }
        numbers += [min(world.nginx.ignoredReloads, 9), world.nginx.failsTest ? 1 : 0, world.nginx.isAway ? 1 : 0]
        numbers += [world.starts.rawValue, world.fault?.rawValue ?? -1]
        numbers += [world.bounds.lowerBound, world.bounds.upperBound]
        if let operation = history.operation {
            numbers += [operation.direction == .up ? 1 : 2, names.firstIndex(of: operation.backend) ?? -1]
            numbers.append(age(operation.left, at: now, limit: 300))
        }
        numbers += [-2, age(history.lastStep?.time, at: now, limit: 60)]
        numbers += [history.backOff?.failures ?? 0, age(history.backOff?.since, at: now, limit: 1800)]
    }

    private mutating func add(
        _ backend: SimulatedBackend, memory: ScalingHistory.Memory?, at now: Moment, trueTime: Int
    ) {
        numbers += [backend.slot, backend.condition.rawValue]
        numbers.append(backend.activity.rank)
        numbers.append((backend.isManaged ? 1 : 0) + (backend.canRestart ? 2 : 0) + (backend.isBusy ? 4 : 0))
        numbers.append(backend.leftAt.map { min(300, (trueTime - $0) / 1000) } ?? (backend.wasServed ? -1 : -2))
        guard let memory else { return numbers.append(-3) }
        numbers.append((memory.wasReady ? 1 : 0) + (memory.isReplaced ? 2 : 0) + (memory.isAdopted ? 4 : 0))
        numbers += [min(2, memory.unhealthyRuns), age(memory.startingSince, at: now, limit: 120)]
    }

    /// In seconds; beyond the limit nothing depends on it.
    private func age(_ moment: Moment?, at now: Moment, limit: Int) -> Int {
        guard let moment else { return -1 }
        return min(limit, Int(moment.elapsed(until: now) / .seconds(1)))
    }
}

extension Backend.Activity {
    fileprivate var rank: Int {
        switch self {
        case .created: 0
        case .running: 1
        case .restarting: 2
        case .exited: 3
        case .frozen: 4
        }
    }
}
