import Testing

@testable import Decisions

/// Queue workers: nobody sends them requests, so nothing is published, and nothing is drained.
extension FleetCourseTests {
    @Test func `a worker more: started, waited for, and nothing published`() {
        var dialogue = workers(["a"], .up)
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n → started
            await n → ready
            save: up n
            tell n is created
            tell 2 active
            conclude
            """)
    }

    @Test func `a worker less: asked to end in the run that decides it, which is on disk before`() {
        var dialogue = workers(["a", "b"], .down)
        dialogue.play(
            """
            save
            remember a b
            save: down b
            look again before stop b → seen
            save: down b, out; b is to end
            stop b
            remove b
            tell 1 active
            conclude
            """)
    }

    @Test func `a worker less: what there is no time for is the next run's`() {
        var dialogue = workers(["a", "b"], .down)
        dialogue.play(
            """
            save
            remember a b
            save: down b
            look again before stop b → unseen
            tell 1 active
            conclude: down b, out
            """)
        var next = workers(["a", "b"], .hold, history: dialogue.course.history)
        next.play(
            """
            save: down b, out
            remember a b
            look again before stop b → seen
            save: down b, out; b is to end
            stop b
            remove b
            tell 1 active
            conclude
            """)
    }

    @Test func `a dry run of a step down says whom it stops`() {
        let entries = workers(["a", "b"], .down).course.rehearsed().entries
        #expect(entries.map { "\($0.action.rawValue) \($0.backend)" } == ["stop b"])
    }

    /// They run, the oldest first, and have no address.
    private func workers(
        _ names: [String], _ verdict: ScalingDecision.Verdict, history: ScalingHistory = .init()
    ) -> FleetDialogue {
        var history = history
        let backends = names.enumerated().map { age, name in
            Backend(
                id: name, name: name, origin: .managed(operation: name), created: age, activity: .running, address: nil)
        }
        for name in names where history.backends[name] == nil { history.backends[name] = .init(wasReady: true) }
        let fleet = ObservedFleet(
            backends: backends.map { ObservedBackend(backend: $0, health: .ready) }, served: [], drainingConnections: 0)
        let plan = RepairPlan(
            for: fleet, history: history, policy: RepairPolicy(backends: 1...3, sendsRequests: false),
            now: stories.now)
        let decision = ScalingDecision(verdict: verdict, reason: .withinLimits, limits: [], streak: Streak())
        return FleetDialogue(
            FleetCourse(
                plan, decision, publishes: false, mayPublish: true, names: ["n"], served: [], at: stories.now))
    }
}
