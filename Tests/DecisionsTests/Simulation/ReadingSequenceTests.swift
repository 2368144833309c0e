import SeededRandom
import Testing

@testable import Decisions

/// Readings as they come in real life, run after run, and what the fleet does.
struct ReadingSequenceTests {
    private static let faults: [Reading] = [
        .missing(.unavailable("connection refused")), .missing(.timedOut(seconds: 6)),
        .missing(.hiddenSessions(count: 3, role: "app")), .missing(.notANumber("NaN")), .missing(.noInterval),
        .saturated("too many clients"), .unused,
    ]

    @Test func `one bad reading among low ones never takes a backend away, in 10,000 sequences`() {
        var stepsDown = 0
        var stepsDownWithoutFault = 0
        for seed in 0..<10_000 {
            var random = SplitMix64(seed: UInt64(seed))
            var fleet = SteadyFleet(count: 1 + random.below(10), downSamples: 1 + random.below(3))
            var healthy = fleet
            for _ in 1...8 {
                let low: [Metric: Reading] = [
                    .cpu: .value(Quantity(random.below(20))), .memory: .value(Quantity(random.below(30))),
                    .connections: .value(Quantity(random.below(20))),
                ]
                var bad = low
                for _ in 0...random.below(2) { bad[random.pick(Metric.allCases)] = random.pick(Self.faults) }
                if fleet.run(bad) == .down { stepsDown += 1 }
                if healthy.run(low) == .down { stepsDownWithoutFault += 1 }
            }
        }
        #expect(stepsDown == 0)
        #expect(stepsDownWithoutFault > 10_000)
    }

    struct Load: Sendable, CustomTestStringConvertible {
        let metric: Metric
        let limit: Int
        let idle: Int
        var testDescription: String { "\(metric) around \(limit)" }
    }

    static let loads = [
        Load(metric: .cpu, limit: 80, idle: 50), Load(metric: .cpu, limit: 20, idle: 0),
        Load(metric: .memory, limit: 85, idle: 50), Load(metric: .memory, limit: 30, idle: 0),
        Load(metric: .connections, limit: 100, idle: 50), Load(metric: .connections, limit: 20, idle: 0),
    ]

    @Test("A load that the backends share, within 5 % of a limit, makes at most two steps in 60 runs", arguments: loads)
    func doesNotFlap(_ load: Load) {
        for count in 2...9 {
            for seed in 0..<10 {
                let steps = steps(of: load, from: count, seed: UInt64(seed)) { load.limit * count / $0 }
                #expect(steps.count <= 2, "\(count) backends, seed \(seed)")
            }
        }
    }

    @Test("A load that one backend more does not lower moves the fleet one way only", arguments: loads)
    func neverTurns(_ load: Load) {
        for seed in 0..<10 {
            let steps = steps(of: load, from: 5, seed: UInt64(seed)) { _ in load.limit }
            #expect(Set(steps).count <= 1)
        }
    }

    /// 60 runs of a reading that lies within 5 % of what the given function says for the number of backends.
    private func steps(
        of load: Load, from count: Int, seed: UInt64, reading: (Int) -> Int
    ) -> [ScalingDecision.Verdict] {
        var random = SplitMix64(seed: seed)
        var fleet = SteadyFleet(count: count)
        var steps: [ScalingDecision.Verdict] = []
        for _ in 1...60 {
            let noisy = reading(fleet.count) * (950 + random.below(101)) / 1000
            var readings = Dictionary(
                uniqueKeysWithValues: Metric.allCases.map { ($0, Reading.value(Quantity(load.idle))) })
            readings[load.metric] = .value(Quantity(noisy))
            let verdict = fleet.run(readings)
            if verdict != .hold { steps.append(verdict) }
        }
        return steps
    }
}

/// Backends that are always ready, a run a minute, and the policy as shipped.
private struct SteadyFleet {
    private(set) var count: Int
    private var history = ScalingHistory()
    private var clock = SimulatedClock()
    private let policy: ScalingPolicy

    init(count: Int, downSamples: Int = 1) {
        self.count = count
        let shipped = ScalingPolicy.shipped()
        policy = ScalingPolicy(bands: shipped.bands, backends: shipped.backends, downSamples: downSamples)
    }

    mutating func run(_ readings: [Metric: Reading]) -> ScalingDecision.Verdict {
        clock.waitForTick()
        let decision = policy.decide(
            Sample(time: clock.now, readings: readings),
            fleet: FleetSituation(counted: count, readyWithoutVictim: count - 1), after: history)
        history.streak = decision.streak
        let direction: Direction
        switch decision.verdict {
        case .hold: return .hold
        case .up: direction = .up
        case .down: direction = .down
        }
        count += direction == .up ? 1 : -1
        history.lastStep = .init(direction: direction, time: clock.now)
        history.streak = Streak()
        return decision.verdict
    }
}
