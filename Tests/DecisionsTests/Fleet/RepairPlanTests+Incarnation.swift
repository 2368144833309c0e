import Testing

@testable import Decisions

/// Memory is about one life of a backend: what follows under its name, or in its container, has to start like any other.
extension RepairPlanTests {
    @Test(arguments: [Health.refused, .unhealthy("HTTP 503")])
    func `one that was started again is starting, though it was ready in its life before`(health: Health) {
        var history = remembering(["a", "b"])
        history.backends["b"]?.incarnation = "b@1"
        history.backends["b"]?.unhealthyRuns = 1
        for _ in 1...3 {
            let plan = plan(
                [backend("a"), backend("b", life: "2", health: health)], served: ["a", "b"], history: history)
            #expect(plan.standings.map(\.standing) == [.ready, .starting])
            #expect(plan.remove == [] && plan.retire == [] && plan.start == 0 && plan.notices == [])
            #expect(plan.ready.map(\.name) == ["a"], "NGINX is told who is ready")
            #expect(plan.history.backends["b"]?.startingSince == now)
            #expect(plan.history.backends["b"]?.incarnation == "b@2")
            history = plan.history
        }
    }

    @Test func `all started again at once are all starting`() {
        var history = remembering(["a", "b", "c"])
        for name in ["a", "b", "c"] { history.backends[name]?.incarnation = "\(name)@1" }
        let fleet = ["a", "b", "c"].map { backend($0, life: "2", health: $0 == "a" ? .ready : .refused) }
        let plan = plan(fleet, served: ["a", "b", "c"], history: history, minimum: 3)
        #expect(plan.standings.map(\.standing) == [.ready, .starting, .starting])
        #expect(plan.remove == [] && plan.retire == [] && plan.start == 0)
    }

    @Test func `in the same life what was ready and refuses is dead`() {
        var history = remembering(["a", "b"])
        history.backends["b"]?.incarnation = "b@1"
        let plan = plan(
            [backend("a"), backend("b", life: "1", health: .refused)], served: ["a", "b"], history: history)
        #expect(plan.standings.map(\.standing) == [.ready, .dead])
        #expect(plan.start == 1)
    }

    @Test(arguments: [119_999, 120_000])
    func `one that is started again and again without ever being ready gets no time anew`(milliseconds: Int) {
        var history = remembering(["a"])
        history.backends["b"] = .init(startingSince: moment(before: milliseconds), incarnation: "b@1")
        let plan = plan(
            [backend("a"), backend("b", life: "2", health: .refused)], served: ["a"], history: history)
        #expect(plan.remove.map(\.name) == (milliseconds < 120_000 ? [] : ["b"]))
        #expect(plan.history.backends["b"]?.startingSince == moment(before: milliseconds))
    }

    @Test func `after a boot of the host one that was starting gets the whole time`() {
        var history = remembering(["a"])
        let before = Moment(wall: 1_699_999_000, sinceBoot: 1_000, boot: "before")
        history.backends["b"] = .init(startingSince: before)
        let plan = plan([backend("a"), backend("b", health: .refused)], served: ["a"], history: history)
        #expect(plan.standings.map(\.standing) == [.ready, .starting])
        #expect(plan.history.backends["b"]?.startingSince == now)
    }

    @Test(arguments: [Health.refused, .ready])
    func `one that was asked to end is to go in its next life, too`(health: Health) {
        var history = remembering(["a", "b"])
        history.backends["b"]?.incarnation = "b@1"
        history.backends["b"]?.departure = .init(left: moment(before: 90_000), isStopOrdered: true)
        let plan = plan([backend("a"), backend("b", life: "2", health: health)], served: ["a"], history: history)
        #expect(plan.ready.map(\.name) == ["a"])
        #expect(plan.retire.map(\.name) == ["b"])
        #expect(plan.start == 0 && plan.restart == [] && plan.notices == [])
        let departure = plan.history.backends["b"]?.departure
        #expect(departure == .init(left: now, isStopOrdered: true), "its wait is one of this life")
    }

    @Test func `one that was asked to end goes back where fewer than the minimum answer without it`() {
        var history = remembering(["b"])
        history.backends["b"]?.departure = .init(left: moment(before: 90_000), isStopOrdered: true)
        let plan = plan([backend("b")], served: [], history: history)
        #expect(plan.ready.map(\.name) == ["b"])
        #expect(plan.retire == [] && plan.start == 0)
        #expect(plan.history.backends["b"]?.departure == nil)
    }

    @Test func `one that was asked to end, in whose place another was started, and has ended is not started again`() {
        var history = remembering(["a", "b"])
        history.backends["b"]?.isReplaced = true
        history.backends["b"]?.departure = .init(left: moment(before: 90_000), isStopOrdered: true)
        let plan = plan([backend("a"), backend("b", .exited)], served: ["a"], history: history)
        #expect(plan.restart == [] && plan.start == 0)
        #expect(plan.retire.map(\.name) == ["b"])
    }

    // MARK: Leaving

    @Test(arguments: [
        (connections: 0, answers: false, seconds: 0, may: true), (0, true, 29, false), (0, true, 30, true),
        (1, false, 299, false), (1, false, 300, true), (nil, false, 299, false), (nil, true, 300, true),
    ])
    func `who leaves is asked to end when idle, or when the drain time-out is over`(
        connections: Int?, answers: Bool, seconds: Int, may: Bool
    ) {
        let policy = RepairPolicy(backends: 1...10)
        let departure = ScalingHistory.Departure(left: moment(before: seconds * 1000))
        #expect(policy.mayStop(departure, holding: connections, answers: answers, now: now) == may)
        #expect(!policy.mayStop(.init(), holding: connections, answers: answers, now: now), "not seen to have left")
    }

    private func backend(_ name: String, life: String, health: Health) -> ObservedBackend {
        let found = backend(name).backend
        return ObservedBackend(
            backend: Backend(
                id: name, name: name, origin: found.origin, created: found.created, activity: .running,
                address: found.address, life: life),
            health: health)
    }
}
