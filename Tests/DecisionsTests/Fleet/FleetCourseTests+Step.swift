import Testing

@testable import Decisions

/// A step up and a step down, line by line.
extension FleetCourseTests {
    @Test func `U1 to U8: intent, start, wait, that it was ready, publish, done`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → started
            await n → ready
            save: up n
            compare a n → differs
            publish a n
            tell n is created
            tell 2 active
            conclude
            """)
        #expect(dialogue.course.history.lastStep == .init(direction: .up, time: stories.now))
    }

    @Test func `U1: where the step's intent can't be written nothing of it starts`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n → not written
            """)
    }

    @Test func `U1: a step up tells NGINX first where it still serves somebody dead`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", .exited)], served: ["a", "b"], history: replaced("b"), remembering: ["a"],
            verdict: .up)
        dialogue.play(
            """
            save
            remember a b
            compare a → differs
            publish a
            save: up n
            start n beside 2 → started
            await n → ready
            save: up n
            compare a n → differs
            publish a n
            tell n is created
            remove b
            tell 2 active
            conclude
            """)
    }

    @Test func `U2: a step whose start is refused backs off, and the rest goes on`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → refused
            compare a → same
            conclude: 1 failed starts
            """)
        #expect(dialogue.course.history.lastStep != nil, "the stamp is never taken back")
    }

    @Test func `U3: a start that was not answered keeps its operation and its memory`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → unavailable
            conclude: up n; 1 failed starts
            """)
        #expect(dialogue.course.history.backends["n"]?.startingSince == stories.now)
    }

    @Test func `U4: one that is not ready in time is a later run's to publish`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → started
            await n → not yet
            tell n is not ready yet
            save: up n
            compare a → same
            tell 2 active
            conclude
            """)
    }

    @Test func `U4: one that ends while it is waited for is removed, and backs off`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → started
            await n → ended
            tell n ended early
            remove n
            save: 1 failed starts
            compare a → same
            tell 1 active
            conclude: 1 failed starts
            """)
    }

    @Test func `U6: a start that NGINX does not take is asked to end, which is on disk first, and removed`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → started
            await n → ready
            save: up n
            compare a n → differs
            publish a n → not taken
            look again before withdraw n → serves a
            save: n is to end; 1 failed starts
            withdraw n
            remove n
            tell 1 active
            conclude: 1 failed starts
            """)
    }

    @Test func `U7: the same after a reload backs publications off, too`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → started
            await n → ready
            save: up n
            compare a n → differs
            publish a n → not taken, reloaded back
            look again before withdraw n → serves a
            save: n is to end; 1 failed starts; 1 failed publications
            withdraw n → refused
            tell 2 active
            conclude: n is to end; 1 failed starts; 1 failed publications
            """)
    }

    @Test("U7: one that NGINX may send requests to stays", arguments: ["serves a n", "unseen"])
    func staysServed(_ answer: String) {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → started
            await n → ready
            save: up n
            compare a n → differs
            publish a n → not taken, reloaded back
            look again before withdraw n → \(answer)
            tell 2 active
            conclude: 1 failed starts; 1 failed publications
            """)
    }

    @Test func `U7: a signal before NGINX confirms leaves the new one to the next run`() {
        var dialogue = up()
        dialogue.play(
            """
            save
            remember a
            save: up n
            start n beside 1 → started
            await n → ready
            save: up n
            compare a n → differs
            publish a n → rolled back
            tell 2 active
            conclude: up n
            """)
    }

    @Test func `a drain is taken back by a step up: nothing is started`() {
        var history = ScalingHistory()
        history.operation = .init(direction: .down, backend: "b", left: stories.moment(before: 10_000))
        var dialogue = dialogue(
            [backend("a"), backend("b")], served: ["a"], history: history, remembering: ["a", "b"], verdict: .up)
        dialogue.play(
            """
            save: down b, out
            remember a b
            save
            tell b is taken back
            compare a b → differs
            publish a b
            tell 2 active
            conclude
            """)
    }

    // MARK: Down

    @Test func `S2 to S5: intent, the file without it, confirmed; the rest is a later run's`() {
        var dialogue = down()
        dialogue.play(
            """
            save
            remember a b
            save: down b
            tell b drains
            compare a → differs
            publish a
            tell 1 active
            conclude: down b, out
            """)
    }

    @Test(
        "S4, S5: where NGINX does not take it the victim goes on serving",
        arguments: ["not taken", "unavailable", "rolled back"])
    func victimStays(_ answer: String) {
        var dialogue = down()
        dialogue.play(
            """
            save
            remember a b
            save: down b
            tell b drains
            compare a → differs
            publish a → \(answer)
            tell 2 active
            conclude
            """)
        #expect(dialogue.course.history.lastStep?.direction == .down, "the stamp is never taken back")
        #expect(dialogue.course.serving.map(\.name) == ["a", "b"])
    }

    @Test func `S3: a signal before the file is written takes the intent back`() {
        var dialogue = down()
        dialogue.play(
            """
            save
            remember a b
            save: down b
            tell b drains
            compare a → differs
            SIGTERM
            tell interrupted
            tell 2 active
            conclude
            """)
    }

    @Test func `R9: what is to go comes after the step, and neither stops the other`() {
        var dialogue = dialogue(
            [backend("a"), backend("b", .exited), backend("c")], served: ["a", "c"], history: replaced("b"),
            remembering: ["a", "c"], verdict: .down)
        dialogue.play(
            """
            save
            remember a b c
            save: down c
            tell c drains
            compare a → differs
            publish a
            remove b → refused
            tell 1 active
            conclude: down c, out
            """)
    }

    private func up() -> FleetDialogue { dialogue([backend("a")], served: ["a"], remembering: ["a"], verdict: .up) }

    private func down() -> FleetDialogue {
        dialogue([backend("a"), backend("b")], served: ["a", "b"], remembering: ["a", "b"], verdict: .down)
    }
}
