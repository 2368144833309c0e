import Testing

@testable import Decisions

/// The course of a run as a dialogue: what comes first, what goes at once, what earlier runs began. Each test is one line of
/// the table of effects; its other lines are in the files beside.
struct FleetCourseTests {
    let stories = RepairPlanTests()

    // MARK: The intent comes first

    @Test func `a fleet in order: the memory, what is found, nothing to publish, the memory again`() {
        var dialogue = dialogue([backend("a"), backend("b")], served: ["a", "b"], remembering: ["a", "b"])
        dialogue.play(
            """
            save
            remember a b
            compare a b → same
            conclude
            """)
    }

    @Test func `where the intent can't be written no effect starts, and nothing more is written`() {
        var dialogue = dialogue([backend("a"), backend("b", .created)], served: [], remembering: ["a"])
        dialogue.play("save → not written")
    }

    @Test func `where the target can't keep what it will need no effect starts`() {
        var dialogue = dialogue([backend("a")], served: [], remembering: ["a"])
        dialogue.play(
            """
            save
            remember a → unavailable
            """)
    }

    @Test func `a signal before the first effect: nothing is done`() {
        var dialogue = dialogue([backend("a")], served: [], remembering: ["a"])
        dialogue.play("SIGTERM")
    }

    // MARK: What does not run and is of no use

    @Test func `R2: what was created and never started is removed first`() {
        var dialogue = dialogue([backend("a"), backend("b", .created)], served: ["a"], remembering: ["a"])
        dialogue.play(
            """
            save
            remember a b
            remove b
            compare a → same
            tell 1 active
            conclude
            """)
        #expect(dialogue.course.history.backends["b"] == nil)
    }

    @Test func `R2: what ended before it was ever ready goes with its last words`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", .exited)], served: ["a"], history: starting("b"), remembering: ["a"])
        dialogue.play(
            """
            save: 1 failed starts
            remember a b
            tell last words of b
            remove b
            compare a → same
            tell 1 active
            conclude: 1 failed starts
            """)
    }

    @Test("R2: one that can't be removed stops nothing else", arguments: ["refused", "timed out"])
    func unremoved(_ answer: String) {
        var dialogue = dialogue([backend("a"), backend("b", .created)], served: [], remembering: ["a"])
        dialogue.play(
            """
            save
            remember a b
            remove b → \(answer)
            compare a → differs
            publish a
            conclude
            """)
    }

    @Test func `a target that is away leaves the rest to the next run`() {
        var dialogue = dialogue([backend("a"), backend("b", .created)], served: [], remembering: ["a"])
        dialogue.play(
            """
            save
            remember a b
            remove b → unavailable
            conclude
            """)
    }

    // MARK: Operations of earlier runs

    @Test func `R3: an operation whose backend is gone is cleared with the first save`() {
        var history = ScalingHistory()
        history.operation = .init(direction: .down, backend: "b", left: stories.moment(before: 40_000))
        var dialogue = dialogue([backend("a")], served: ["a"], history: history, remembering: ["a"])
        dialogue.play(
            """
            save
            remember a
            compare a → same
            conclude
            """)
    }

    @Test func `R4: a drain that would leave too few is cancelled, and its backend published again`() {
        var history = ScalingHistory()
        history.operation = .init(direction: .down, backend: "b", left: stories.moment(before: 10_000))
        var dialogue = dialogue(
            [backend("a"), backend("b")], served: ["a"], history: history, remembering: ["a", "b"], minimum: 2)
        dialogue.play(
            """
            save
            remember a b
            compare a b → differs
            publish a b
            conclude
            """)
    }
}

extension FleetCourseTests {
    func backend(_ name: String, _ activity: Backend.Activity = .running, health: Health? = nil) -> ObservedBackend {
        stories.backend(name, activity, health: health)
    }

    func starting(_ name: String) -> ScalingHistory {
        var history = ScalingHistory()
        history.backends[name] = .init(startingSince: stories.moment(before: 1_000))
        return history
    }

    func replaced(_ name: String) -> ScalingHistory {
        var history = ScalingHistory()
        history.backends[name] = .init(wasReady: true, isReplaced: true)
        return history
    }

    /// New backends are n, o and p.
    func dialogue(
        _ backends: [ObservedBackend], served: [String]?, history: ScalingHistory = .init(),
        remembering names: [String] = [], verdict: ScalingDecision.Verdict = .hold, mayPublish: Bool = true,
        connections: Int? = nil, minimum: Int = 1
    ) -> FleetDialogue {
        let plan = stories.plan(
            backends, served: served, history: history, remembering: names, connections: connections, minimum: minimum)
        let decision = ScalingDecision(verdict: verdict, reason: .withinLimits, limits: [], streak: Streak())
        let addresses = served.map { Set($0.compactMap { ServerAddress.loopback(port: stories.port($0)) }) }
        return FleetDialogue(
            FleetCourse(
                plan, decision, publishes: true, mayPublish: mayPublish, names: ["n", "o", "p"], served: addresses,
                at: stories.now))
    }
}
