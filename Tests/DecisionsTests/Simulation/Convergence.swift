@testable import Decisions

/// How a world ends up once nothing more goes wrong.
struct Convergence {
    /// Clean runs until all was in order; `nil` where it never was.
    private(set) var runs: Int?
    private(set) var violations: [String] = []
    private(set) var world: SimulatedWorld
    private let bug: PlantedBug?

    /// More than the longest wait of a repair (`STARTUP_TIMEOUT`, two minutes) takes, one run a minute.
    static let patience = 6

    init(of troubled: SimulatedWorld, bug: PlantedBug? = nil) {
        world = troubled
        self.bug = bug
        world.calmDown()
        for number in 1...Self.patience {
            world.clock.waitForTick()
            let run = SimulatedRun(world, readings: .quiet, bug: bug)
            world = run.world
            violations += run.violations
            judge(after: number, of: troubled)
            if world.disorder.isEmpty {
                runs = number
                break
            }
        }
        if runs == nil { violations.append("no order after \(Self.patience) clean runs: \(world.disorder)") }
    }

    /// A dead backend is out within one run; the minimum is back within two, or one later where `STARTUP_TIMEOUT` must tell
    /// that one is not just starting.
    private mutating func judge(after number: Int, of troubled: SimulatedWorld) {
        let dead = world.served.subtracting(world.running)
        if !world.live.isEmpty, !dead.isEmpty { violations.append("dead \(dead) served after clean run \(number)") }
        let ready = world.atWork.count
        if number >= 2 + (troubled.hasUnknownFailure ? 1 : 0), ready < world.bounds.lowerBound {
            violations.append("\(ready) in rotation after clean run \(number)")
        }
    }

    /// Quiet times: drains end, surplus goes, and then nothing happens any more.
    mutating func rest() {
        for index in world.backends.indices { world.backends[index].isBusy = false }
        for _ in 1...Self.longestRest {
            world.clock.waitForTick()
            let run = SimulatedRun(world, readings: .quiet, bug: bug)
            world = run.world
            violations += run.violations
            if run.effects.allSatisfy({ $0 == .save }), world.draining == nil { break }
        }
        let last = SimulatedRun(world, readings: .quiet, bug: bug)
        if last.effects.contains(where: { $0 != .save }) { violations.append("no rest: \(last.effects)") }
        let disorder = last.world.disorder + (last.world.draining.map { ["\($0) drains for ever"] } ?? [])
        if !disorder.isEmpty { violations.append("disorder at rest: \(disorder)") }
        let count = last.world.live.count
        let adopted = last.world.backends.count { !$0.isManaged }
        if count > max(world.bounds.upperBound, adopted) { violations.append("\(count) backends at rest") }
    }

    /// Two runs for each backend that is too many, and one.
    private static let longestRest = 20
}

extension SimulatedWorld {
    /// Whether a backend fails of which a run can't see that it was ready once.
    fileprivate var hasUnknownFailure: Bool {
        backends.contains {
            $0.isRunning && !$0.isLive && !($0.isInService && $0.rebootedAt == nil && served.contains($0.port))
        }
    }

    /// Everything outside works from now on; what is broken inside stays broken.
    mutating func calmDown() {
        suffer(.nginxIsWell)
        starts = .ready
        fault = nil
        for index in backends.indices {
            switch backends[index].activity {
            case .restarting, .frozen: backends[index].activity = .running
            case .created, .running, .exited: break
            }
            if backends[index].condition == .starting { backends[index].condition = .well }
            backends[index].isStuck = false
            backends[index].isBusy = false
        }
        if live.isEmpty { suffer(.allRecover) }  // the shared cause is gone
    }
}

extension [Metric: Reading] {
    static let quiet: [Metric: Reading] = [.cpu: .value(50), .memory: .value(50), .connections: .value(50)]
    static let high: [Metric: Reading] = [.cpu: .value(95), .memory: .value(50), .connections: .value(50)]
    static let low: [Metric: Reading] = [.cpu: .value(5), .memory: .value(5), .connections: .value(5)]
}
