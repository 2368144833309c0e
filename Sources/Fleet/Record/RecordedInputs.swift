package import Decisions

/// What a run decided from, beside its readings: with them, a line of history can be decided again exactly.
///
/// What is as it mostly is (a fleet that does not drain, nothing to repair) is left out, because there are 1,440 lines a day.
package struct RecordedInputs: Codable, Equatable, Sendable {
    /// A point in time; `boot` only where it is not the run's own.
    package struct Time: Codable, Equatable, Sendable {
        package let wall: Int
        package let sinceBoot: Int
        package let boot: String?
    }

    package struct Step: Codable, Equatable, Sendable {
        package let direction: Direction
        package let time: Time
    }

    package struct BackOff: Codable, Equatable, Sendable {
        package let failures: Int
        package let since: Time
    }

    /// When the readings were taken, and on which boot.
    package let at: Time
    /// By name, those that a backup under way explains.
    package let explainedByBackup: [String]?
    package let fleet: RecordedSituation
    package let policy: RecordedPolicy
    /// Runs in a row before this one that asked for a step up, and for one down.
    package let streak: [Int]?
    package let heldBack: Bool?
    package let lastStep: Step?
    package let backOff: BackOff?
}

extension RecordedInputs {
    package init(_ inputs: DecisionInputs) {
        let now = inputs.sample.time
        let history = inputs.history
        at = Time(now, unlike: nil)
        let explained = inputs.sample.explainedByBackup.map(\.rawValue).sorted()
        explainedByBackup = explained.isEmpty ? nil : explained
        fleet = RecordedSituation(inputs.fleet)
        policy = RecordedPolicy(inputs.policy)
        streak = history.streak == Streak() ? nil : [history.streak.up, history.streak.down]
        heldBack = history.hasHeldBack
        lastStep = history.lastStep.map { Step(direction: $0.direction, time: Time($0.time, unlike: now.boot)) }
        backOff = history.backOff.map { BackOff(failures: $0.failures, since: Time($0.since, unlike: now.boot)) }
    }

    /// - Parameter readings: of the same line.
    /// - Returns: `nil` where a version of this program that knows more has written them.
    package func inputs(with readings: [Metric: Reading]) -> DecisionInputs? {
        guard let policy = policy.policy, streak?.count ?? 2 == 2 else { return nil }
        let explained = (explainedByBackup ?? []).compactMap(Metric.init(rawValue:))
        guard explained.count == explainedByBackup?.count ?? 0 else { return nil }
        let now = at.moment(since: "")
        var history = ScalingHistory()
        history.streak = streak.map { Streak(up: $0[0], down: $0[1]) } ?? Streak()
        history.hasHeldBack = heldBack
        history.lastStep = lastStep.map { .init(direction: $0.direction, time: $0.time.moment(since: now.boot)) }
        history.backOff = backOff.map { .init(failures: $0.failures, since: $0.since.moment(since: now.boot)) }
        return DecisionInputs(
            policy: policy, sample: Sample(time: now, readings: readings, explainedByBackup: Set(explained)),
            fleet: fleet.situation, history: history)
    }
}

extension RecordedInputs.Time {
    fileprivate init(_ moment: Moment, unlike boot: String?) {
        wall = moment.wall
        sinceBoot = moment.sinceBoot
        self.boot = moment.boot == boot ? nil : moment.boot
    }

    fileprivate func moment(since boot: String) -> Moment {
        Moment(wall: wall, sinceBoot: sinceBoot, boot: self.boot ?? boot)
    }
}
