import Testing

@testable import Decisions

/// What the next run does with what it finds. Each test is one story.
struct RepairPlanTests {
    @Test func `a healthy fleet needs nothing`() {
        let plan = plan([backend("a"), backend("b")], served: ["a", "b"], remembering: ["a", "b"])
        #expect(plan.remove == [] && plan.restart == [] && plan.start == 0 && plan.retire == [])
        #expect(plan.ready.map(\.name) == ["a", "b"])
        #expect(plan.notices == [])
    }

    @Test func `an empty fleet is filled up to the minimum`() {
        #expect(plan([], minimum: 2).start == 2)
    }

    @Test func `U2: what a kill between create and start left is removed`() {
        let plan = plan([backend("a"), backend("b", .created)], served: ["a"], remembering: ["a"])
        #expect(plan.remove.map(\.name) == ["b"])
        #expect(plan.history.backOff == nil)
    }

    @Test func `somebody else's created container is left alone`() {
        let plan = plan([backend("a"), backend("b", .created, adopted: true)], remembering: ["a"])
        #expect(plan.remove == [] && plan.retire == [])
    }

    @Test func `a backend that is not ready yet counts and is waited for`() {
        let plan = plan([backend("a"), backend("b", health: .refused)], remembering: ["a"])
        #expect(plan.counted.map(\.name) == ["a", "b"])
        #expect(plan.ready.map(\.name) == ["a"])
        #expect(plan.history.backends["b"]?.startingSince == now)
    }

    @Test func `one that was never ready in time is removed, and further steps up back off`() {
        var history = ScalingHistory()
        history.backends["b"] = .init(startingSince: moment(before: 120_000))
        let plan = plan(
            [backend("a"), backend("b", health: .refused)], served: ["a"], history: history, remembering: ["a"])
        #expect(plan.remove.map(\.name) == ["b"])
        #expect(plan.history.backOff?.failures == 1)
    }

    @Test func `one that ended before it was ever ready is a failed start, too`() {
        var history = ScalingHistory()
        history.backends["b"] = .init(startingSince: moment(before: 1_000))
        let plan = plan([backend("a"), backend("b", .exited)], served: ["a"], history: history, remembering: ["a"])
        #expect(plan.remove.map(\.name) == ["b"])
        #expect(plan.history.backOff?.failures == 1)
    }

    @Test func `a start that came good ends the back-off`() {
        var history = ScalingHistory()
        history.backends["b"] = .init(startingSince: moment(before: 50_000))
        history.recordFailedStart(at: moment(before: 60_000))
        #expect(plan([backend("a"), backend("b")], history: history, remembering: ["a"]).history.backOff == nil)
    }

    @Test func `one that refuses connections is out and replaced in this run`() {
        let plan = plan([backend("a"), backend("b", health: .refused)], served: ["a", "b"], remembering: ["a", "b"])
        #expect(plan.ready.map(\.name) == ["a"])
        #expect(plan.start == 1)
        #expect(plan.retire.map(\.name) == ["b"])
    }

    @Test func `one that answers wrongly is out in this run and replaced in the next`() {
        let fleet = [backend("a"), backend("b", health: .unhealthy("HTTP 503"))]
        let first = plan(fleet, served: ["a", "b"], remembering: ["a", "b"])
        #expect(first.ready.map(\.name) == ["a"])
        #expect(first.start == 0 && first.retire == [])
        let second = plan(fleet, served: ["a"], history: first.history)
        #expect(second.start == 1)
        #expect(second.retire.map(\.name) == ["b"])
    }

    @Test func `one that recovers is forgiven`() {
        let first = plan(
            [backend("a"), backend("b", health: .unhealthy("HTTP 503"))], served: ["a", "b"], remembering: ["a", "b"])
        let second = plan([backend("a"), backend("b")], served: ["a"], history: first.history)
        #expect(second.ready.map(\.name) == ["a", "b"])
        #expect(second.history.backends["b"]?.unhealthyRuns == 0)
    }

    @Test func `when all that were ready fail together, none is removed`() {
        let fleet = [backend("a", health: .unhealthy("HTTP 503")), backend("b", health: .unhealthy("HTTP 503"))]
        var history = remembering(["a", "b"])
        for _ in 1...5 {
            let plan = plan(fleet, served: ["a", "b"], history: history)
            #expect(plan.remove == [] && plan.retire == [] && plan.start == 0)
            #expect(plan.ready == [])
            #expect(plan.notices == [.sharedFailure(count: 2)])
            history = plan.history
        }
        let recovered = plan([backend("a"), fleet[1]], served: ["a", "b"], history: history)
        #expect(recovered.retire == [], "one run's grace for the slower one")
    }

    @Test func `a single backend that fails gets one beside it, once, and stays until that one is ready`() {
        let sick = backend("a", health: .refused)
        let first = plan([sick], served: ["a"], remembering: ["a"])
        #expect(first.start == 1)
        let second = plan([sick, backend("b", health: .refused)], served: ["a"], history: first.history)
        #expect(second.start == 0, "the replacement is on its way")
        let third = plan([sick, backend("b")], served: ["a"], history: second.history)
        #expect(third.ready.map(\.name) == ["b"])
        #expect(third.retire.map(\.name) == ["a"])
    }

    @Test func `exited backends are started again before new ones are created`() {
        let plan = plan([backend("a", .exited), backend("b", .exited)], served: ["a", "b"], remembering: ["a", "b"])
        #expect(plan.restart.map(\.name) == ["a", "b"])
        #expect(plan.start == 0 && plan.retire == [])
        #expect(plan.history.backends["a"]?.wasReady == false, "it has to start like any other")
    }

    @Test func `with the state lost, exited backends still fill the minimum, and the rest goes`() {
        let plan = plan([backend("a", .exited), backend("b", .exited)])
        #expect(plan.restart.map(\.name) == ["a"])
        #expect(plan.retire.map(\.name) == ["b"])
    }

    @Test func `a backend that vanished is replaced, also above the minimum`() {
        let plan = plan([backend("a")], served: ["a"], remembering: ["a", "b"])
        #expect(plan.start == 1)
        #expect(plan.notices == [.vanished("b")])
    }

    @Test func `an adopted backend that went is not missed above the minimum`() {
        var history = remembering(["a", "b"])
        history.backends["b"]?.isAdopted = true
        #expect(plan([backend("a")], served: ["a"], history: history).start == 0)
    }

    @Test func `lost backends are not replaced above the maximum`() {
        let plan = plan(
            [backend("a"), backend("b"), backend("c", health: .refused)], remembering: ["a", "b", "c"], maximum: 2)
        #expect(plan.start == 0)
        #expect(plan.retire.map(\.name) == ["c"])
    }

    @Test func `an adopted backend is never removed, however dead`() {
        var history = ScalingHistory()
        history.backends["b"] = .init(startingSince: moment(before: 999_000))
        let plan = plan(
            [backend("a"), backend("b", health: .refused, adopted: true)], history: history, remembering: ["a"])
        #expect(plan.remove == [] && plan.retire == [])
        #expect(plan.counted.map(\.name) == ["a"])
    }

    @Test func `a served backend was ready once, also when the memory of it is lost`() {
        let plan = plan([backend("a"), backend("b", health: .unhealthy("slow"))], served: ["a", "b"])
        #expect(plan.standings.map(\.standing) == [.ready, .unhealthy])
    }

    @Test func `one that is started again where NGINX still serves its address is starting, however slowly`() {
        let first = plan([backend("a", .exited)], served: ["a"], remembering: ["a"])
        #expect(first.restart.map(\.name) == ["a"])
        let second = plan([backend("a", health: .refused)], served: ["a"], history: first.history)
        #expect(second.standings.map(\.standing) == [.starting], "not dead: nothing is started in its place")
        #expect(second.start == 0 && second.retire == [])
        let third = plan([backend("a")], served: ["a"], history: second.history)
        #expect(third.ready.map(\.name) == ["a"])
    }

    @Test func `one that is never ready at an address that NGINX serves goes when it is out, and is counted once`() {
        var history = ScalingHistory()
        history.backends["b"] = .init(startingSince: moment(before: 120_000))
        let fleet = [backend("a"), backend("b", health: .unhealthy("HTTP 503"))]
        let first = plan(fleet, served: ["a", "b"], history: history, remembering: ["a"])
        #expect(first.remove == [] && first.retire.map(\.name) == ["b"])
        #expect(first.ready.map(\.name) == ["a"])
        let second = plan(fleet, served: ["a", "b"], history: first.history)
        #expect(second.retire.map(\.name) == ["b"], "NGINX did not take the new set")
        #expect(second.history.backOff?.failures == 1)
    }

    // MARK: Drains

    @Test func `S3: a drain whose leaving was not confirmed yet goes on leaving`() {
        let plan = draining("b", left: nil, served: ["a", "b"])
        #expect(plan.drain == .leaving(backend("b").backend))
        #expect(plan.ready.map(\.name) == ["a"])
    }

    @Test func `a drain that is served again starts its wait anew`() {
        let plan = draining("b", left: moment(before: 90_000), served: ["a", "b"])
        #expect(plan.drain == .leaving(backend("b").backend))
        #expect(plan.history.operation?.left == nil)
    }

    @Test func `a drained backend is stopped when the wait is over and it is idle`() {
        let b = backend("b").backend
        #expect(draining("b", left: moment(before: 29_000)).drain == .waiting(b, remaining: .seconds(1)))
        #expect(draining("b", left: moment(before: 30_000), connections: 2).drain == .busy(b, connections: 2))
        #expect(draining("b", left: moment(before: 30_000), connections: 0).drain == .stop(b, cutting: 0))
    }

    @Test func `past the drain time-out a busy one is stopped all the same`() {
        let b = backend("b").backend
        #expect(draining("b", left: moment(before: 299_000), connections: 2).drain == .busy(b, connections: 2))
        #expect(draining("b", left: moment(before: 300_000), connections: 2).drain == .stop(b, cutting: 2))
        #expect(draining("b", left: moment(before: 300_000), connections: nil).drain == .stop(b, cutting: nil))
    }

    @Test func `nothing is stopped while NGINX does not say what it serves`() {
        let plan = draining("b", left: moment(before: 900_000), served: nil, connections: 0)
        #expect(plan.drain == .leaving(backend("b").backend))
    }

    @Test func `R4: a drain that would leave too few ready ones is cancelled`() {
        var history = remembering(["a", "b"])
        history.operation = .init(direction: .down, backend: "b", left: moment(before: 10_000))
        let plan = plan([backend("a", health: .refused), backend("b")], served: ["a"], history: history)
        #expect(plan.drain == .cancel(backend("b").backend))
        #expect(plan.ready.map(\.name) == ["b"])
        #expect(plan.history.operation == nil)
    }

    @Test func `S6: a drained backend that has ended is removed and nobody misses it`() {
        var history = remembering(["a", "b"])
        history.operation = .init(direction: .down, backend: "b", left: moment(before: 40_000))
        let plan = plan([backend("a"), backend("b", .exited)], served: ["a"], history: history)
        #expect(plan.retire.map(\.name) == ["b"])
        #expect(plan.start == 0 && plan.restart == [] && plan.notices == [])
        let again = self.plan([backend("a"), backend("b", .exited)], served: ["a"], history: plan.history)
        #expect(
            again.retire.map(\.name) == ["b"] && again.restart == [] && again.start == 0,
            "also when the removal was cut")
        #expect(again.history.backOff == nil)
    }

    @Test func `R3: an operation whose backend is gone is cleared`() {
        var history = remembering(["a"])
        history.operation = .init(direction: .down, backend: "b", left: moment(before: 40_000))
        #expect(plan([backend("a")], served: ["a"], history: history).history.operation == nil)
    }

    @Test func `a lost state file ends a drain and keeps the backend`() {
        let plan = plan([backend("a"), backend("b")], served: ["a"])
        #expect(plan.ready.map(\.name) == ["a", "b"])
        #expect(plan.drain == .none)
    }

    @Test func `the step down takes the youngest that is ours`() {
        let plan = plan([backend("a"), backend("b"), backend("c", adopted: true)], remembering: ["a", "b", "c"])
        #expect(plan.victim?.name == "b")
    }
}

extension RepairPlanTests {
    var now: Moment { moment(before: 0) }

    func moment(before milliseconds: Int) -> Moment {
        Moment(wall: 1_700_000_000, sinceBoot: 10_000_000 - milliseconds, boot: "b")
    }

    func port(_ name: String) -> UInt16 { 3000 + UInt16(name.utf8.first ?? 0) }

    func backend(
        _ name: String, _ activity: Backend.Activity = .running, health: Health? = nil, adopted: Bool = false
    ) -> ObservedBackend {
        let address = activity == .running ? ServerAddress.loopback(port: port(name)) : nil
        return ObservedBackend(
            backend: Backend(
                id: name, name: name, origin: adopted ? .adopted : .managed(operation: name),
                created: Int(port(name)), activity: activity, address: address),
            health: health ?? (activity == .running ? .ready : .unprobed))
    }

    func remembering(_ names: [String], in history: ScalingHistory = .init()) -> ScalingHistory {
        var history = history
        for name in names { history.backends[name] = .init(wasReady: true) }
        return history
    }

    func plan(
        _ backends: [ObservedBackend], served: [String]? = nil, history: ScalingHistory = .init(),
        remembering names: [String] = [], connections: Int? = nil, minimum: Int = 1, maximum: Int = 10
    ) -> RepairPlan {
        let addresses = served.map { Set($0.compactMap { ServerAddress.loopback(port: port($0)) }) }
        return RepairPlan(
            for: ObservedFleet(backends: backends, served: addresses, drainingConnections: connections),
            history: remembering(names, in: history), policy: RepairPolicy(backends: minimum...maximum), now: now)
    }

    func draining(
        _ name: String, left: Moment?, served: [String]? = ["a"], connections: Int? = nil
    ) -> RepairPlan {
        var history = remembering(["a", "b"])
        history.operation = .init(direction: .down, backend: name, left: left)
        return plan([backend("a"), backend("b")], served: served, history: history, connections: connections)
    }
}
