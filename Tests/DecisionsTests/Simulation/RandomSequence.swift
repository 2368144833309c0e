import SeededRandom

@testable import Decisions

/// A number of runs with whatever may happen in and between them, all of it drawn from one seed.
struct RandomSequence {
    private(set) var runs = 0
    /// Runs that were killed or ended by SIGTERM, or found that something had happened.
    private(set) var faultyRuns = 0
    private(set) var steps = 0
    private(set) var slowest = 0
    private(set) var violations: [String] = []
    /// What happened, run by run; only where it was asked for.
    private(set) var story: [String] = []

    init(seed: UInt64, length: Int, bug: PlantedBug? = nil, telling: Bool = false) {
        var random = SplitMix64(seed: seed)
        let bounds = random.pick([1...3, 1...4, 2...4, 2...2, 1...10])
        var world = SimulatedWorld.settled(
            bounds.lowerBound + random.below(2), bounds: bounds, on: random.chance(70) ? .containers : .processes,
            isPublished: seed % 5 != 0)
        for number in 1...length {
            let events = random.below(3)
            for _ in 0..<events {
                let event = random.pick(world.possibleEvents)
                world.suffer(event)
                if telling { story.append("\(event)") }
            }
            if random.chance(30) { world.suffer(.nginxIsWell) }
            if random.chance(15) {
                world.clock.wait(seconds: random.below(40))  // somebody starts one by hand
            } else {
                world.clock.waitForTick(delayed: random.below(2_000))
            }
            let readings = random.pick(Self.readings)
            let terminated = random.chance(15) ? random.below(8) : nil
            let run = SimulatedRun(world, readings: readings, terminatedBefore: terminated, bug: bug)
            runs += 1
            if run.decision?.verdict ?? .hold != .hold { steps += 1 }
            violations += run.violations.map { "run \(number): \($0)" }
            let killed = random.chance(35) && !run.effects.isEmpty ? random.below(run.effects.count) : nil
            if events > 0 || killed != nil || terminated != nil { faultyRuns += 1 }
            world = killed.map { run.beforeEffects[$0] } ?? run.world
            if telling { story.append(Self.line(number, run, killed, terminated)) }
        }
        var convergence = Convergence(of: world, bug: bug)
        if seed % 4 == 0 { convergence.rest() }
        runs += convergence.runs ?? Convergence.patience
        slowest = convergence.runs ?? 0
        violations += convergence.violations.map { "after \(length) runs: \($0)" }
    }

    private static let readings: [[Metric: Reading]] = [.high, .high, .low, .low, .quiet, .blind]

    private static func line(_ number: Int, _ run: SimulatedRun, _ killed: Int?, _ terminated: Int?) -> String {
        let effects = run.effects.prefix(killed ?? run.effects.count).map { "\($0)" }.joined(separator: ", ")
        let end = killed != nil ? "killed" : terminated.map { "SIGTERM before \($0)" } ?? "done"
        return "run \(number), \(run.decision?.verdict.rawValue ?? "-"): \(effects); \(end)"
    }
}

extension [Metric: Reading] {
    static let blind: [Metric: Reading] = [
        .cpu: .value(5), .memory: .value(5), .connections: .missing(.unavailable("gone")),
    ]
}
