import Decisions
import Testing

/// The table of metrics, and what stands in lines whose format is fixed.
struct MetricTests {
    @Test func `the fixed lines show these three, whatever metrics there are`() {
        #expect(Metric.inFormat.map { $0.name(in: .english) } == ["CPU", "Memory", "Connections"])
        #expect(Metric.inFormat.map { $0.name(in: .spanish) } == ["CPU", "Memoria", "Conexiones"])
        #expect(Set(Metric.inFormat + Metric.beyondFormat) == Set(Metric.allCases))
    }

    @Test("The limits of the table can be judged", arguments: Metric.allCases)
    func limits(metric: Metric) {
        #expect(metric.limits.lowerBound < metric.limits.upperBound)
        #expect(metric.possibleLimits.contains(metric.limits.lowerBound))
        #expect(metric.possibleLimits.contains(metric.limits.upperBound))
        #expect((0...Quantity.mostDecimals).contains(metric.decimals))
    }

    @Test func `half a percent is above a limit of four tenths, and the sentence prints what was compared`() throws {
        let policy = ScalingPolicy(
            bands: [
                .cpu: .init(
                    minimum: try #require(Quantity("0.1", decimals: 1)),
                    maximum: try #require(Quantity("0.4", decimals: 1)))
            ], backends: 1...3)
        func decision(_ text: String) throws -> ScalingDecision {
            let reading = Reading.value(try #require(Quantity(text, decimals: 1)))
            return policy.decide(
                ScalingPolicyTests.sample([.cpu: reading]), fleet: ScalingPolicyTests.fleet(2), after: .init())
        }
        #expect(try decision("0.4").verdict == .hold, "at the limit is not above it")
        #expect(try decision("0.5").reason.sentence(in: .english) == "CPU 0.5% > 0.4%")
        #expect(try decision("0.09").verdict == .down, "rounded down to 0")
    }
}
