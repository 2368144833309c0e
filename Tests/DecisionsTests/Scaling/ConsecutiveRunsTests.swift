import Testing

@testable import Decisions

/// What only consecutive runs add up to is measured, not only counted.
struct ConsecutiveRunsTests {
    private func history(lastRun: Moment?, interval: Int? = nil) -> ScalingHistory {
        var history = ScalingHistory()
        history.streak = Streak(up: 2, down: 0)
        history.backends["a"] = .init(wasReady: true, unhealthyRuns: 1)
        history.lastRun = lastRun
        history.interval = interval
        return history
    }

    @Test(
        "A gap of more than two runs ends a streak",
        arguments: [
            (seconds: 0, interval: nil, isKept: true), (60, nil, true), (135, nil, true), (136, nil, false),
            (135, 1_000, true), (136, 1_000, false), (615, 300_000, true), (616, 300_000, false),
            (135, -5, true), (136, .min, false),
        ] as [(seconds: Int, interval: Int?, isKept: Bool)])
    func gap(seconds: Int, interval: Int?, isKept: Bool) {
        let before = history(lastRun: ScalingPolicyTests.moment(after: 0), interval: interval)
        let after = before.endingStreaks(at: ScalingPolicyTests.moment(after: seconds * 1000))
        #expect(after.streak == (isKept ? Streak(up: 2, down: 0) : Streak()))
        #expect(after.backends["a"]?.unhealthyRuns == (isKept ? 1 : 0))
        #expect(after.backends["a"]?.wasReady == true, "what is no streak stays")
    }

    @Test func `a run that could not decide, another boot and a stamp of the future end it, too`() {
        let now = ScalingPolicyTests.moment(after: 60_000)
        for lastRun in [
            nil, Moment(wall: now.wall, sinceBoot: now.sinceBoot, boot: "before"),
            ScalingPolicyTests.moment(after: 61_000),
        ] {
            #expect(history(lastRun: lastRun).endingStreaks(at: now).streak == Streak())
        }
    }

    @Test func `how often runs come is what the last gap was`() {
        var history = ScalingHistory()
        history.recordRun(at: ScalingPolicyTests.moment(after: 0))
        #expect(history.interval == nil)
        history.recordRun(at: ScalingPolicyTests.moment(after: 300_000))
        #expect(history.interval == 300_000)
        #expect(history.lastRun == ScalingPolicyTests.moment(after: 300_000))
    }

    // MARK: Held back

    @Test("A step up waits one run at most for repairs and publications", arguments: [false, true])
    func heldBack(repairs: Bool) {
        var fleet = ScalingPolicyTests.fleet(2)
        if repairs { fleet.repairs = true } else { fleet.publishes = true }
        let sample = ScalingPolicyTests.sample(ScalingPolicyTests.readings(.up))
        var history = ScalingHistory()
        let first = ScalingPolicyTests.policy().decide(sample, fleet: fleet, after: history)
        #expect(first.verdict == .hold && first.isHeldBack)
        #expect(first.limits == [repairs ? .repaired : .publishing])
        history.hasHeldBack = true
        let second = ScalingPolicyTests.policy().decide(sample, fleet: fleet, after: history)
        #expect(second.verdict == .up && !second.isHeldBack)
    }

    @Test func `a step down waits for repairs however long, and nothing else is overridden by having waited`() {
        var history = ScalingHistory()
        history.hasHeldBack = true
        var fleet = ScalingPolicyTests.fleet(2)
        fleet.repairs = true
        let down = ScalingPolicyTests.policy().decide(
            ScalingPolicyTests.sample(ScalingPolicyTests.readings(.down)), fleet: fleet, after: history)
        #expect(down.limits == [.repaired] && !down.isHeldBack)
        fleet.nothingReady = true
        let up = ScalingPolicyTests.policy().decide(
            ScalingPolicyTests.sample(ScalingPolicyTests.readings(.up)), fleet: fleet, after: history)
        #expect(up.limits == [.notReady])
    }

    @Test func `what repairs start in this run counts against the maximum`() {
        for starting in 0...2 {
            var fleet = ScalingPolicyTests.fleet(9)
            fleet.starting = starting
            #expect(ScalingPolicyTests.limits(.up, fleet) == (starting == 0 ? [] : [.atMaximum(10)]))
        }
    }
}
