import Testing

@testable import Decisions

/// A state file that is whole and says nonsense: once, adding one to the largest number, or subtracting the smallest, ended
/// the run, and every run after it.
struct DamagedHistoryTests {
    private static let extremes = [Int.max, Int.max - 1, -1, Int.min]

    @Test("Runs in a row count on from anything", arguments: extremes)
    func streak(of runs: Int) {
        let expected = runs < 0 ? 1 : Int.max
        #expect(Streak(up: runs, down: runs).adding(.up) == Streak(up: expected, down: 0))
        #expect(Streak(up: runs, down: runs).adding(.down) == Streak(up: 0, down: expected))
        #expect(Streak(up: runs, down: runs).adding(nil) == Streak(up: 0, down: 0))
    }

    @Test func `a streak below zero does not hold back a step for ever`() {
        var history = ScalingHistory()
        history.streak = Streak(up: .min, down: .min)
        let verdicts = (1...3).map { _ in
            let decision = ScalingPolicyTests.policy(upSamples: 3).decide(
                ScalingPolicyTests.sample(ScalingPolicyTests.readings(.up)), fleet: ScalingPolicyTests.fleet(1),
                after: history)
            history.streak = decision.streak
            return decision.verdict
        }
        #expect(verdicts == [.hold, .hold, .up])
    }

    @Test("Failed starts count on from anything, and the back-off stays within its minutes", arguments: extremes)
    func backOff(after failures: Int) {
        let now = ScalingPolicyTests.moment(after: 0)
        let damaged = ScalingHistory.BackOff(failures: failures, since: now)
        #expect(damaged.delay == .seconds(60 * (failures < 0 ? 1 : 30)))
        var history = ScalingHistory()
        history.backOff = damaged
        history.recordFailedStart(at: now)
        #expect(history.backOff == .init(failures: failures < 0 ? 1 : .max, since: now))
    }

    @Test("Unhealthy runs count on from anything", arguments: extremes)
    func unhealthyRuns(of runs: Int) {
        let tests = RepairPlanTests()
        var history = tests.remembering(["a", "b"])
        history.backends["b"]?.unhealthyRuns = runs
        let fleet = [tests.backend("a"), tests.backend("b", health: .unhealthy("HTTP 503"))]
        let plan = tests.plan(fleet, served: ["a", "b"], history: history)
        #expect(plan.ready.map(\.name) == ["a"])
        #expect(plan.history.backends["b"]?.unhealthyRuns == (runs < 0 ? 1 : .max))
    }

    @Test("A stamp before the boot counts as made at the boot", arguments: [-1, Int.min])
    func stamp(of milliseconds: Int) {
        let now = ScalingPolicyTests.moment(after: 0)
        let stamp = Moment(wall: .min, sinceBoot: milliseconds, boot: now.boot)
        #expect(stamp.elapsed(until: now) == .milliseconds(now.sinceBoot))
        #expect(!stamp.isFuture(at: now))
        var history = ScalingHistory()
        history.lastStep = .init(direction: .up, time: stamp)
        history.backOff = .init(failures: 1, since: stamp)
        let decision = ScalingPolicyTests.policy().decide(
            ScalingPolicyTests.sample(ScalingPolicyTests.readings(.up)), fleet: ScalingPolicyTests.fleet(1),
            after: history)
        #expect(decision.verdict == .up)
    }
}
