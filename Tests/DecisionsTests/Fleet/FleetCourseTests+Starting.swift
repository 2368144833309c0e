import Testing

@testable import Decisions

/// What is missing is started, and waited for.
extension FleetCourseTests {
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
}
