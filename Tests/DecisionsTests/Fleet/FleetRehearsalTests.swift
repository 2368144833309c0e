import Testing

@testable import Decisions

/// What a dry run lists: the effects of the course, where all goes well.
struct FleetRehearsalTests {
    private let courses = FleetCourseTests()

    @Test func `a fleet in order: nothing to do`() {
        let dialogue = courses.dialogue([courses.backend("a")], served: ["a"], remembering: ["a"])
        #expect(lines(dialogue) == [])
    }

    @Test func `repairs, in the order of a real run`() {
        let dialogue = courses.dialogue(
            [courses.backend("a"), courses.backend("b", .created), courses.backend("c", .exited)], served: ["a"],
            remembering: ["a", "c"], minimum: 3)
        #expect(lines(dialogue) == ["remove b", "start_again c", "start n"])
    }

    @Test func `a step up, and what goes after it; the new one's address is not known yet`() {
        let dialogue = courses.dialogue(
            [courses.backend("a"), courses.backend("b", health: .refused)], served: ["a", "b"],
            history: courses.replaced("b"), remembering: ["a"], verdict: .up)
        #expect(lines(dialogue) == ["step_up n", "remove b"])
        let serving = dialogue.course.rehearsed().serving
        #expect(serving.map(\.name) == ["a", "n"] && serving.last?.address == nil)
    }

    @Test func `a step down drains; nothing is stopped yet`() {
        let dialogue = courses.dialogue(
            [courses.backend("a"), courses.backend("b")], served: ["a", "b"], remembering: ["a", "b"], verdict: .down)
        #expect(lines(dialogue) == ["drain b"])
        #expect(dialogue.course.rehearsed().serving.map(\.name) == ["a"])
    }

    @Test("an open drain goes on, is taken back by a step up, or is cancelled where too few would be ready")
    func drains() {
        func drain(_ verdict: ScalingDecision.Verdict, minimum: Int = 1) -> [String] {
            var history = ScalingHistory()
            history.operation = .init(direction: .down, backend: "b", left: courses.stories.moment(before: 40_000))
            return lines(
                courses.dialogue(
                    [courses.backend("a"), courses.backend("b")], served: ["a"], history: history,
                    remembering: ["a", "b"], verdict: verdict, connections: 0, minimum: minimum))
        }
        #expect(drain(.hold) == ["stop b"])
        #expect(drain(.up) == ["take_back b"])
        #expect(drain(.hold, minimum: 2) == ["take_back b"])
    }

    @Test func `a rehearsal leaves the course as it is`() {
        let dialogue = courses.dialogue([], served: [])
        let before = dialogue.course
        _ = dialogue.course.rehearsed()
        #expect(dialogue.course == before)
    }

    private func lines(_ dialogue: FleetDialogue) -> [String] {
        dialogue.course.rehearsed().entries.map { "\($0.action.rawValue) \($0.backend)" }
    }
}
