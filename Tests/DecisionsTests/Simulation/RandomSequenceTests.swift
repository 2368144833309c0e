import Foundation
import Testing

@testable import Decisions

/// Long stories that nobody would think of. `SIMULATION_SEED=<seed>` tells one of them.
struct RandomSequenceTests {
    private static let length = 6
    private static let seeds: [Range<UInt64>] = [0..<2_500, 2_500..<5_000, 5_000..<7_500, 7_500..<10_000]

    struct Summary: Sendable {
        var faultyRuns = 0
        var steps = 0
        var slowest = 0
        var failures: [String] = []
    }

    @Test func `10,000 sequences of faulty runs: nothing is lost because of us, and all of them end in order`() async {
        if let seed = ProcessInfo.processInfo.environment["SIMULATION_SEED"].flatMap({ UInt64($0) }) {
            let sequence = RandomSequence(seed: seed, length: Self.length, telling: true)
            for line in sequence.story { print(line) }
            #expect(sequence.violations == [])
            return
        }
        let summary = await withTaskGroup(of: Summary.self) { group in
            for seeds in Self.seeds { group.addTask { Self.simulate(seeds) } }
            return await group.reduce(into: Summary()) { $0.add($1) }
        }
        #expect(summary.failures == [])
        #expect(summary.slowest <= 3)
        #expect(summary.faultyRuns >= 10_000, "goal 2")
        #expect(summary.steps >= 5_000)
    }

    private static func simulate(_ seeds: Range<UInt64>) -> Summary {
        var summary = Summary()
        for seed in seeds {
            let sequence = RandomSequence(seed: seed, length: length)
            summary.faultyRuns += sequence.faultyRuns
            summary.steps += sequence.steps
            summary.slowest = max(summary.slowest, sequence.slowest)
            guard let violation = sequence.violations.first else { continue }
            summary.failures.append("SIMULATION_SEED=\(seed): \(violation)")
        }
        return summary
    }
}

extension RandomSequenceTests.Summary {
    mutating func add(_ other: Self) {
        faultyRuns += other.faultyRuns
        steps += other.steps
        slowest = max(slowest, other.slowest)
        failures += other.failures
    }
}
