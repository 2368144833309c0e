import Testing

@testable import Decisions

/// What NGINX is given where no step follows, and what a signal leaves.
extension FleetCourseTests {
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
