import Testing

@testable import Decisions

/// Whatever leaves, and the drain that an earlier run began.
extension FleetCourseTests {
    // MARK: Dead ones

    @Test
    func
        `R7: one that does not answer leaves NGINX, and is ended once it is idle: asked again, on disk, stopped, removed`()
    {
        var dialogue = deaf()
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a
            count b → 0
            look again before stop b → serves a
            save: b is to end
            stop b
            remove b
            tell 1 active
            conclude
            """)
        #expect(dialogue.course.history.backends["b"] == nil)
    }

    @Test(
        "R7: one that holds connections, or whose connections can't be counted, is not ended yet",
        arguments: ["3", "?"])
    func busy(_ count: String) {
        var dialogue = deaf()
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a
            count b → \(count)
            tell b is busy: \(count)
            conclude
            """)
        #expect(dialogue.course.history.backends["b"]?.departure?.left != nil)
    }

    @Test func `R7: after DRAIN_TIMEOUT its connections are cut`() {
        var history = replaced("b")
        history.backends["b"]?.departure = .init(left: stories.moment(before: 300_000))
        var dialogue = deaf(history, served: ["a"])
        dialogue.play(
            """
            save
            remember a b
            compare a → same
            count b → 3
            look again before stop b cutting 3 → serves a
            save: b is to end
            stop b cutting 3
            remove b
            tell 1 active
            conclude
            """)
    }

    @Test func `R7: one that NGINX still serves is left alone`() {
        var dialogue = deaf(mayPublish: false)
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            tell unpublished
            conclude
            """)
    }

    @Test(
        "W3: where NGINX serves it after all, does not tell, or no time is left, it is not ended",
        arguments: ["serves a b", "unseen"])
    func looksAgain(_ answer: String) {
        var dialogue = deaf()
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a
            count b → 0
            look again before stop b → \(answer)
            conclude
            """)
    }

    @Test func `where it can't be put on disk that one is to end it is not asked to`() {
        var dialogue = deaf()
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a
            count b → 0
            look again before stop b → serves a
            save: b is to end → not written
            conclude: b is to end
            """)
    }

    @Test("one that can't be ended is remembered as one that is to end", arguments: ["refused", "timed out"])
    func unended(_ answer: String) {
        var dialogue = deaf()
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a
            count b → 0
            look again before stop b → serves a
            save: b is to end
            stop b → \(answer)
            conclude: b is to end
            """)
    }

    @Test func `R7: one that runs and was never ready in time goes with its last words, once it is out and idle`() {
        var history = ScalingHistory()
        history.backends["b"] = .init(startingSince: stories.moment(before: 120_000))
        var dialogue = dialogue(
            [backend("a"), backend("b", health: .refused)], served: ["a"], history: history, remembering: ["a"])
        dialogue.play(
            """
            save: 1 failed starts
            remember a b
            compare a → same
            tell last words of b
            count b → 0
            look again before stop b → serves a
            save: b is to end; 1 failed starts
            stop b
            remove b
            tell 1 active
            conclude: 1 failed starts
            """)
    }

    @Test func `R7: what has ended needs no end: it is removed`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", .exited)], served: ["a"], history: replaced("b"), remembering: ["a"])
        dialogue.play(
            """
            save
            remember a b
            compare a → same
            remove b
            tell 1 active
            conclude
            """)
    }

    // MARK: An open drain

    @Test func `R8: a drain whose leaving was not seen yet begins to wait when it is`() {
        var dialogue = draining(left: nil, served: ["a", "b"])
        dialogue.play(
            """
            save: down b
            remember a b
            compare a → differs
            publish a
            conclude: down b, out
            """)
    }

    @Test func `R8: it waits for DRAIN_SECONDS`() {
        var dialogue = draining(left: stories.moment(before: 10_000))
        dialogue.play(
            """
            save: down b, out
            remember a b
            compare a → same
            tell b still drains
            conclude: down b, out
            """)
    }

    @Test func `R8: after that it waits for its connections`() {
        var dialogue = draining(left: stories.moment(before: 40_000), connections: 2)
        dialogue.play(
            """
            save: down b, out
            remember a b
            compare a → same
            tell b is busy: 2
            conclude: down b, out
            """)
    }

    @Test func `S6 to S8: idle, NGINX asked again, its order on disk, stopped, removed, and the operation over`() {
        var dialogue = draining(left: stories.moment(before: 40_000), connections: 0)
        dialogue.play(
            """
            save: down b, out
            remember a b
            compare a → same
            look again before stop b → serves a
            save: down b, out; b is to end
            stop b
            remove b
            tell 1 active
            conclude
            """)
    }

    @Test func `S6: after DRAIN_TIMEOUT what it still holds is cut`() {
        var dialogue = draining(left: stories.moment(before: 300_000), connections: 2)
        dialogue.play(
            """
            save: down b, out
            remember a b
            compare a → same
            look again before stop b cutting 2 → serves a
            save: down b, out; b is to end
            stop b cutting 2
            remove b
            tell 1 active
            conclude
            """)
    }

    @Test("S7: one that can't be removed keeps the operation open", arguments: ["refused", "timed out"])
    func undrained(_ answer: String) {
        var dialogue = draining(left: stories.moment(before: 40_000), connections: 0)
        dialogue.play(
            """
            save: down b, out
            remember a b
            compare a → same
            look again before stop b → serves a
            save: down b, out; b is to end
            stop b
            remove b → \(answer)
            conclude: down b, out; b is to end
            """)
    }

    @Test func `S6: a signal before the order is on disk: it is not asked to end`() {
        var dialogue = draining(left: stories.moment(before: 40_000), connections: 0)
        dialogue.play(
            """
            save: down b, out
            remember a b
            compare a → same
            look again before stop b → serves a
            SIGTERM
            tell interrupted
            conclude: down b, out
            """)
    }

    @Test func `S6: a signal after it: the end that is ordered comes about, and the removal is the next run's`() {
        var dialogue = draining(left: stories.moment(before: 40_000), connections: 0)
        dialogue.play(
            """
            save: down b, out
            remember a b
            compare a → same
            look again before stop b → serves a
            save: down b, out; b is to end
            SIGTERM
            stop b
            tell interrupted
            conclude: down b, out; b is to end
            """)
    }

    private func deaf(
        _ history: ScalingHistory = .init(), served: [String] = ["a", "b"], mayPublish: Bool = true
    ) -> FleetDialogue {
        var history = history
        if history.backends["b"] == nil { history = replaced("b") }
        return dialogue(
            [backend("a"), backend("b", health: .refused)], served: served, history: history, remembering: ["a"],
            mayPublish: mayPublish)
    }

    private func draining(left: Moment?, served: [String] = ["a"], connections: Int? = nil) -> FleetDialogue {
        var history = ScalingHistory()
        history.operation = .init(direction: .down, backend: "b", left: left)
        return dialogue(
            [backend("a"), backend("b")], served: served, history: history, remembering: ["a", "b"],
            connections: connections)
    }
}
