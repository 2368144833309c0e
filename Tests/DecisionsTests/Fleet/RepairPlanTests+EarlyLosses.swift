import Testing

@testable import Decisions

/// Backends that become ready and die young are starts that failed, only later.
extension RepairPlanTests {
    @Test func `the first early loss is replaced at once, and from the second on replacements back off`() {
        var history = remembering(["a"])
        var started: [Int] = []
        for name in ["b", "c", "d"] {
            let plan = losing(name, readyFor: 10_000, in: history)
            started.append(plan.start)
            history = plan.history
        }
        #expect(started == [1, 1, 0])
        #expect(history.isCrashLoop)
        #expect(history.backOff?.failures == 2)
    }

    @Test func `below the minimum every run replaces, however young they die`() {
        var history = remembering(["a"])
        for name in ["b", "c", "d", "e"] {
            let plan = losing(name, readyFor: 10_000, in: history, minimum: 2)
            #expect(plan.start == 1)
            history = plan.history
        }
    }

    @Test(arguments: [119_999, 120_000])
    func `one that has been ready for long is no early loss`(milliseconds: Int) {
        let plan = losing("b", readyFor: milliseconds, in: remembering(["a"]))
        #expect(plan.history.earlyLosses == (milliseconds < 120_000 ? 1 : nil))
        #expect(plan.start == 1)
    }

    @Test func `one that vanished young is an early loss, too`() {
        var history = remembering(["a"])
        history.backends["b"] = .init(wasReady: true, readySince: moment(before: 10_000))
        #expect(plan([backend("a")], served: ["a"], history: history).history.earlyLosses == 1)
    }

    @Test func `in a crash loop becoming ready does not end the back-off, and growing old does`() {
        var history = remembering(["a"])
        history.earlyLosses = 2
        history.recordFailedStart(at: moment(before: 180_000))
        history.backends["b"] = .init(startingSince: moment(before: 10_000))
        let fleet = [backend("a"), backend("b")]
        let young = plan(fleet, served: ["a", "b"], history: history)
        #expect(young.history.backends["b"]?.readySince == now)
        #expect(young.history.backOff?.failures == 1 && young.history.isCrashLoop)

        history = young.history
        history.backends["b"]?.readySince = moment(before: 120_000)
        let old = plan(fleet, served: ["a", "b"], history: history)
        #expect(old.history.backOff == nil && old.history.earlyLosses == nil)
    }

    @Test func `a crash loop is remembered while the next one boots, and while it backs off`() {
        var history = remembering(["a"])
        history.earlyLosses = 2
        history.recordFailedStart(at: moment(before: 179_999))
        let backingOff = plan([backend("a")], served: ["a"], history: history)
        #expect(backingOff.history.isCrashLoop && backingOff.history.backOff?.failures == 1)

        history.backOff = .init(failures: 1, since: moment(before: 900_000))
        history.backends["b"] = .init(startingSince: moment(before: 10_000))
        let booting = plan([backend("a"), backend("b", health: .refused)], served: ["a"], history: history)
        #expect(booting.history.isCrashLoop && booting.history.backOff?.failures == 1)

        history.backends["b"] = nil
        history.backOff = .init(failures: 1, since: moment(before: 180_000))
        let over = plan([backend("a")], served: ["a"], history: history)
        #expect(!over.history.isCrashLoop && over.history.backOff == nil)
    }

    private func losing(
        _ name: String, readyFor milliseconds: Int, in history: ScalingHistory, minimum: Int = 1
    ) -> RepairPlan {
        var history = history
        history.backends = history.backends.filter { $0.key == "a" }
        history.backends[name] = .init(wasReady: true, readySince: moment(before: milliseconds))
        return plan(
            [backend("a"), backend(name, health: .refused)], served: ["a", name], history: history, minimum: minimum)
    }
}
