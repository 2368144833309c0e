import Testing

@testable import Decisions

/// An invariant that nothing can break proves nothing.
struct PlantedBugTests {
    struct Planted: Sendable, CustomTestStringConvertible {
        let bug: PlantedBug
        /// What the judge says of it, among other things.
        let complaint: String
        var testDescription: String { bug.rawValue }

        init(_ bug: PlantedBug, _ complaint: String) {
            self.bug = bug
            self.complaint = complaint
        }
    }

    static let planted = [
        Planted(.stopsBeforeDraining, "which is well and was not drained"),
        Planted(.skipsTheSameFile, "no order after"),
        Planted(.doesNotConfirm, "which NGINX serves"),
        Planted(.keepsCreated, "is left, created"),
        Planted(.keepsSick, "is left, running, deaf"),
        Planted(.removesServed, "which NGINX serves"),
        Planted(.stopsBeforeItIsIdle, "ms ago, busy"),
        Planted(.publishesNone, "an upstream without a server"),
        Planted(.startsTwo, "beside 3 others"),
        Planted(.stampsAfterwards, "ms after the last one"),
        Planted(.takesAdoptedForOurs, "which is adopted"),
        Planted(.rollsBackToLastGood, "where nothing runs"),
        Planted(.forgetsFailedStarts, "is left, exited"),
        Planted(.reusesNames, "beside 3 others"),
        Planted(.killsWhatDoesNotAnswer, "which holds connections"),
        Planted(.remembersByName, "which boots"),
        Planted(.publishesAtFullRate, "publishes again after"),
        Planted(.forgetsThatItStops, "was to go"),
        Planted(.letsLeftoversStopSteps, "and does not do it"),
        Planted(.holdsBackForEver, "held back"),
    ]

    @Test("Every planted bug is seen for what it is", arguments: planted)
    func isFound(_ planted: Planted) {
        #expect(Self.isSeen(planted))
    }

    @Test func `none was left out`() {
        #expect(Set(Self.planted.map(\.bug)) == Set(PlantedBug.allCases))
    }

    private static func isSeen(_ planted: Planted) -> Bool {
        let world = SimulatedWorld.settled(2, bounds: 1...3)
        let exploration = Exploration(from: world, depth: 1, bug: planted.bug) { $0.possibleEvents }
        if exploration.violations.contains(where: { $0.contains(planted.complaint) }) { return true }
        return (0..<10_000).contains { seed in
            RandomSequence(seed: seed, length: 12, bug: planted.bug).violations
                .contains { $0.contains(planted.complaint) }
        }
    }
}
