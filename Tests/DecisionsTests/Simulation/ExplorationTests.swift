import Testing

@testable import Decisions

/// Everything that can happen in two runs, and what becomes of it.
struct ExplorationTests {
    struct Start: Sendable, CustomTestStringConvertible {
        let backends: Int
        let bounds: ClosedRange<Int>
        let target: SimulatedWorld.Target
        /// At least so many distinct states: fewer, and the exploration has become blind.
        let states: Int
        var isPublished = true
        var testDescription: String { "\(backends) of \(bounds), \(target)\(isPublished ? "" : ", no NGINX")" }
    }

    @Test(
        "Killed or ended anywhere, whatever happens outside: safe after every effect, in order after three runs",
        arguments: [
            Start(backends: 2, bounds: 1...3, target: .containers, states: 3000),
            Start(backends: 2, bounds: 2...3, target: .containers, states: 2000),
            Start(backends: 1, bounds: 1...1, target: .containers, states: 30),
            Start(backends: 2, bounds: 1...3, target: .processes, states: 1500),
            Start(backends: 2, bounds: 1...3, target: .containers, states: 300, isPublished: false),
            Start(backends: 2, bounds: 2...3, target: .processes, states: 300, isPublished: false),
        ])
    func explores(_ start: Start) {
        let world = SimulatedWorld.settled(
            start.backends, bounds: start.bounds, on: start.target, isPublished: start.isPublished)
        let exploration = Exploration(from: world, depth: 2) { $0.essentialEvents }
        #expect(exploration.violations == [])
        #expect(exploration.states >= start.states)
        #expect(exploration.slowest <= 3)
    }

    @Test("Rarer events, one run deep", arguments: [1...3, 2...3, 1...1, 2...4])
    func exploresRareEvents(_ bounds: ClosedRange<Int>) {
        for backends in 1...3 {
            let world = SimulatedWorld.settled(backends, bounds: bounds)
            let exploration = Exploration(from: world, depth: 1) { $0.possibleEvents }
            #expect(exploration.violations == [])
            #expect(exploration.slowest <= 3)
        }
    }
}
