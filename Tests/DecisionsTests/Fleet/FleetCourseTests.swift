import Testing

@testable import Decisions

/// The course of a run as a dialogue: repairs and publications. Each test is one line of the table of effects.
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

    // MARK: What is missing

    @Test func `before anything is started and waited for, NGINX is told who is ready`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", health: .refused)], served: ["a", "b"], remembering: ["a", "b"], minimum: 2)
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a
            start n beside 2 → started
            await n → ready
            save
            compare a n → differs
            publish a n
            count b → 1
            tell b is busy: 1
            tell 2 active
            conclude
            """)
    }

    @Test func `where NGINX takes nothing, what is missing is started all the same, and then the run is over`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", health: .refused)], served: ["a", "b"], remembering: ["a", "b"], minimum: 2)
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a → not taken
            start n beside 2 → started
            await n → ready
            save
            tell 2 active
            conclude
            """)
    }

    @Test func `where NGINX can't be used at all nothing is started`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", health: .refused)], served: ["a", "b"], remembering: ["a", "b"], minimum: 2)
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a → unavailable
            conclude
            """)
    }

    @Test func `R5: exited ones are started again before new ones are made, and all are waited for together`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", .exited)], served: ["a"], remembering: ["a", "b"], minimum: 3)
        dialogue.play(
            """
            save
            remember a b
            compare a → same
            restart b → started
            start n beside 1 → started
            await b n → ready, not yet
            tell n is not ready yet
            save
            compare a b → differs
            publish a b
            tell 3 active
            conclude
            """)
        #expect(dialogue.course.history.backends["n"]?.startingSince == stories.now)
    }

    @Test func `R5: one that can't be started again is left for the next run to count and remove`() {
        var dialogue = dialogue([backend("b", .exited)], served: [], remembering: ["b"])
        dialogue.play(
            """
            save
            remember b
            tell none is ready
            restart b → refused
            tell none is ready
            conclude
            """)
        #expect(dialogue.course.history.backends["b"]?.startingSince == stories.now)
    }

    @Test func `R5: a start that is refused is a failed start, and nothing is left to remember`() {
        var dialogue = dialogue([], served: [])
        dialogue.play(
            """
            save
            remember
            tell none is ready
            start n → refused
            tell none is ready
            conclude: 1 failed starts
            """)
        #expect(dialogue.course.history.backends.isEmpty)
    }

    @Test(
        "R5: a start that was not answered may have come about, and is remembered",
        arguments: ["unavailable", "timed out"])
    func unanswered(_ answer: String) {
        var dialogue = dialogue([], served: [], minimum: 2)
        dialogue.play(
            """
            save
            remember
            tell none is ready
            start n → \(answer)
            conclude: 1 failed starts
            """)
        #expect(dialogue.course.history.backends["n"]?.startingSince == stories.now)
    }

    @Test func `R5: one that ends while it is waited for is a failed start, and removed at once`() {
        var dialogue = dialogue([], served: [], minimum: 2)
        dialogue.play(
            """
            save
            remember
            tell none is ready
            start n → started
            start o → started
            await n o → ready, ended
            tell o ended early
            remove o
            save: 1 failed starts
            compare n → differs
            publish n
            tell 1 active
            conclude: 1 failed starts
            """)
    }

    @Test func `that one was ready is on disk before NGINX sends it requests`() throws {
        var dialogue = dialogue([], served: [])
        dialogue.play(
            """
            save
            remember
            tell none is ready
            start n → started
            await n → ready
            save → not written
            tell 1 active
            conclude
            """)
        #expect(dialogue.course.history.backends["n"]?.wasReady == true)
    }

    // MARK: Publishing

    @Test func `R6: what NGINX does not serve is published, and the back-off of publications ends`() {
        var history = ScalingHistory()
        history.publishing = .init(failures: 2, since: stories.moment(before: 600_000), circumstances: "")
        var dialogue = dialogue([backend("a")], served: [], history: history, remembering: ["a"])
        dialogue.play(
            """
            save: 2 failed publications
            remember a
            compare a → differs
            publish a
            conclude
            """)
        #expect(dialogue.course.served?.count == 1)
    }

    @Test func `R6: an upstream without a server is never published`() {
        var dialogue = dialogue([backend("a", health: .refused)], served: [], history: starting("a"))
        dialogue.play(
            """
            save
            remember a
            tell none is ready
            conclude
            """)
    }

    @Test func `R6: one that nginx -t refuses is tried again in the next run, and nobody is ended in this one`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", .exited)], served: [], history: replaced("b"), remembering: ["a"])
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a → not taken
            conclude
            """)
    }

    @Test func `R6: one that has cost a reload backs off`() {
        var dialogue = dialogue([backend("a")], served: [], remembering: ["a"])
        dialogue.play(
            """
            save
            remember a
            compare a → differs
            publish a → not taken, reloaded back
            conclude: 1 failed publications
            """)
    }

    @Test func `R6: while publications back off NGINX is left alone, and that is said`() {
        var history = ScalingHistory()
        history.publishing = .init(failures: 3, since: stories.moment(before: 60_000), circumstances: "")
        var dialogue = dialogue([backend("a")], served: [], history: history, remembering: ["a"], mayPublish: false)
        dialogue.play(
            """
            save: 3 failed publications
            remember a
            compare a → differs
            tell unpublished
            conclude: 3 failed publications
            """)
    }

    @Test func `R6: an upstream file that can't be read leaves the rest to the next run`() {
        var dialogue = dialogue([backend("a")], served: [], remembering: ["a"])
        dialogue.play(
            """
            save
            remember a
            compare a → not written
            conclude
            """)
    }

    // MARK: Signals

    @Test func `a signal while a start is waited for: what came of it is kept, and nothing is published`() {
        var dialogue = dialogue([], served: [], minimum: 2)
        dialogue.play(
            """
            save
            remember
            tell none is ready
            start n → started
            start o → started
            await n o → ready, not yet
            SIGTERM
            save
            compare n → differs
            tell interrupted
            tell 2 active
            conclude
            """)
        #expect(dialogue.course.history.backends["n"]?.wasReady == true)
    }

    @Test func `a signal before a start: it is not begun`() {
        var dialogue = dialogue([], served: [], minimum: 2)
        dialogue.play(
            """
            save
            remember
            tell none is ready
            start n → started
            SIGTERM
            tell interrupted
            conclude
            """)
        #expect(dialogue.course.history.backends.keys.sorted() == ["n", "o"])
    }

    @Test func `a signal before NGINX confirms: the last good file is back, and the run is over`() {
        var dialogue = dialogue([backend("a")], served: [], remembering: ["a"])
        dialogue.play(
            """
            save
            remember a
            compare a → differs
            publish a → rolled back
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
