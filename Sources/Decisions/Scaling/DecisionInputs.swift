/// Everything that one decision is made from. The same inputs give the same decision, today and on any other day.
package struct DecisionInputs: Equatable, Sendable {
    package let policy: ScalingPolicy
    package let sample: Sample
    package let fleet: FleetSituation
    /// After the plan of the run's repairs.
    package let history: ScalingHistory

    package init(policy: ScalingPolicy, sample: Sample, fleet: FleetSituation, history: ScalingHistory) {
        self.policy = policy
        self.sample = sample
        self.fleet = fleet
        self.history = history
    }

    package func decide() -> ScalingDecision { policy.decide(sample, fleet: fleet, after: history) }
}
