import SeededRandom
import Testing

@testable import Decisions

/// Elapsed times can't be fooled.
struct CooldownSequenceTests {
    @Test func `clock jumps, pauses and reboots neither skip a cooldown nor make it endless`() {
        var held = 0
        var taken = 0
        for seed in 0..<10_000 {
            var random = SplitMix64(seed: UInt64(seed))
            var clock = SimulatedClock()
            var history = ScalingHistory()
            /// True time of the last step; a stamp in the future counts as made when it is seen.
            var steppedAt: Int?
            for _ in 1...10 {
                disturb(&clock, &history, &random)
                clock.wait(seconds: random.below(80))
                let corrected = history.correctingFutureStamps(at: clock.now)
                if corrected != history { steppedAt = clock.milliseconds }
                history = corrected
                let direction = random.pick([Direction.up, .down])
                let decision = ScalingPolicy.shipped().decide(
                    Sample(time: clock.now, readings: direction == .up ? .high : .low),
                    fleet: FleetSituation(counted: 5, readyWithoutVictim: 4), after: history)
                let passed = steppedAt.map { clock.milliseconds - max($0, clock.bootedAt) } ?? .max
                #expect((decision.verdict == .hold) == (passed < 55_000), "seed \(seed), \(passed) ms")
                if decision.verdict == .hold {
                    held += 1
                } else {
                    taken += 1
                    steppedAt = clock.milliseconds
                    history.lastStep = .init(direction: direction, time: clock.now)
                }
            }
        }
        #expect(held > 10_000 && taken > 10_000)
    }

    private func disturb(
        _ clock: inout SimulatedClock, _ history: inout ScalingHistory, _ random: inout SplitMix64
    ) {
        switch random.below(8) {
        case 0: clock.jump(minutes: random.below(2_000) - 1_000)
        case 1: clock.reboot()
        case 2: clock.wait(seconds: 40_000)
        case 3:
            guard let step = history.lastStep else { return }
            var later = clock
            later.wait(seconds: 500_000)
            history.lastStep = .init(direction: step.direction, time: later.now)
        default: break
        }
    }
}
