/// What the decision has to know of the fleet after the repairs of this run were planned.
package struct FleetSituation: Equatable, Sendable {
    /// Backends that are ready or starting, adopted ones too; draining ones do not count.
    package var counted: Int
    /// Ready and not draining, without the one that a step down would take.
    package var readyWithoutVictim: Int
    /// Whether there is a backend of ours that a step down could take; adopted ones are none.
    package var hasVictim: Bool
    /// The backend that is draining, and whether it could be taken back at once.
    package var draining: Drain?
    /// Backends are being started again, or new ones in the place of lost ones, in this run.
    package var repairs: Bool
    /// What NGINX serves, or its file, is not what it should be.
    package var publishes: Bool
    /// No backend is ready: whatever is measured now says nothing about the size of the fleet.
    package var nothingReady: Bool
    /// The state file was unreadable and set aside.
    package var stateLost: Bool
    /// How many backends are started in this run by repairs.
    package var starting = 0
    /// NGINX refused what was published last, and is not asked again yet.
    package var publicationWait: PublicationWait?

    package struct PublicationWait: Equatable, Sendable {
        package let failures: Int
        package let remaining: Duration

        package init(failures: Int, remaining: Duration) {
            self.failures = failures
            self.remaining = remaining
        }
    }

    package struct Drain: Equatable, Sendable {
        package let name: String
        package let isReady: Bool
        /// It is stopped in this run, so that it does not stand in a step's way.
        package let isEnding: Bool

        package init(name: String, isReady: Bool, isEnding: Bool = false) {
            self.name = name
            self.isReady = isReady
            self.isEnding = isEnding
        }
    }

    package init(
        counted: Int, readyWithoutVictim: Int, hasVictim: Bool = true, draining: Drain? = nil,
        repairs: Bool = false, publishes: Bool = false, nothingReady: Bool = false, stateLost: Bool = false
    ) {
        self.counted = counted
        self.readyWithoutVictim = readyWithoutVictim
        self.hasVictim = hasVictim
        self.draining = draining
        self.repairs = repairs
        self.publishes = publishes
        self.nothingReady = nothingReady
        self.stateLost = stateLost
    }
}

extension ScalingPolicy {
    /// One step at most, and hold whenever in doubt.
    package func decide(
        _ sample: Sample, fleet: FleetSituation, after history: ScalingHistory
    ) -> ScalingDecision {
        let reason = rule(for: sample, fleet: fleet)
        let streak = history.streak.adding(reason.direction)
        guard let direction = reason.direction else {
            return ScalingDecision(verdict: .hold, reason: reason, limits: [], streak: streak)
        }
        let limits = limits(on: direction, fleet: fleet, streak: streak, history: history, now: sample.time)
        let verdict: ScalingDecision.Verdict = limits.isEmpty ? (direction == .up ? .up : .down) : .hold
        return ScalingDecision(verdict: verdict, reason: reason, limits: limits, streak: streak)
    }

    /// What the readings ask for, before anything limits it.
    private func rule(for sample: Sample, fleet: FleetSituation) -> Reason {
        var above: [Comparison] = []
        var explained: [Comparison] = []
        var below: [Comparison] = []
        var missing: [Metric] = []
        for metric in Metric.allCases {
            guard let band = bands[metric] else { continue }
            switch sample[metric] {
            case .value(let reading):
                let divisor = scope(of: metric) == .perBackend ? max(1, fleet.counted) : nil
                let value = metric.judged(reading, dividedBy: divisor)
                if value > band.maximum {
                    let comparison = Comparison(
                        metric: metric, value: value, limit: band.maximum, dividedBy: divisor)
                    if sample.explainedByBackup.contains(metric) {
                        explained.append(comparison)
                    } else {
                        above.append(comparison)
                    }
                } else if value < band.minimum {
                    below.append(Comparison(metric: metric, value: value, limit: band.minimum, dividedBy: divisor))
                }
            case .missing, .unused: missing.append(metric)
            case .saturated(let detail): return .saturated(detail)
            }
        }
        if fleet.counted > backends.upperBound {
            return .overMaximum(count: fleet.counted, maximum: backends.upperBound)
        }
        if !above.isEmpty { return .above(above) }
        if missing.count == bands.count { return .allMissing }
        if below.count == bands.count { return .below(below) }
        if !missing.isEmpty, below.count + missing.count == bands.count { return .missingForStepDown(missing) }
        return explained.isEmpty ? .withinLimits : .explainedByBackup(explained)
    }

    private func limits(
        on direction: Direction, fleet: FleetSituation, streak: Streak, history: ScalingHistory, now: Moment
    ) -> [Limit] {
        var limits: [Limit] = []
        let (have, need) = direction == .up ? (streak.up, upSamples) : (streak.down, downSamples)
        if have < need { limits.append(.samples(have: have, need: need)) }
        if fleet.stateLost { limits.append(.stateLost) }
        // A priority without a bound would keep a fleet with one sick member from ever growing.
        let hasWaited = direction == .up && history.hasHeldBack == true
        if fleet.repairs, !hasWaited { limits.append(.repaired) }
        if fleet.publishes, !hasWaited { limits.append(.publishing) }
        if let wait = fleet.publicationWait {
            limits.append(.unpublished(failures: wait.failures, remaining: wait.remaining))
        }
        if fleet.nothingReady { limits.append(.notReady) }
        if let drain = fleet.draining, !drain.isEnding, direction == .down || !drain.isReady {
            limits.append(.draining(drain.name))
        }
        if let step = history.lastStep {
            let wait = cooldown(before: direction)
            let remaining = wait - Self.earlyTick(of: wait) - step.time.elapsed(until: now)
            if remaining > .zero { limits.append(.cooldown(step.direction, remaining: remaining)) }
        }
        switch direction {
        case .up:
            if let backOff = history.backOff {
                let remaining = backOff.delay - backOff.since.elapsed(until: now)
                if remaining > .zero { limits.append(.backOff(failures: backOff.failures, remaining: remaining)) }
            }
            if fleet.counted + fleet.starting >= backends.upperBound { limits.append(.atMaximum(backends.upperBound)) }
        case .down:
            if fleet.counted <= backends.lowerBound {
                limits.append(.atMinimum(backends.lowerBound))
            } else if !fleet.hasVictim {
                limits.append(.noneOfOurs)
            } else if fleet.readyWithoutVictim < backends.lowerBound {
                limits.append(.tooFewReady(backends.lowerBound))
            }
        }
        return limits
    }

    /// How much earlier than its minute a cron tick may come: 5 s, and less where the cooldown itself is short.
    private static func earlyTick(of cooldown: Duration) -> Duration { min(.seconds(5), cooldown / 12) }
}

extension Reason {
    /// The step that the rule asks for.
    package var direction: Direction? {
        switch self {
        case .above: .up
        case .below, .overMaximum: .down
        case .withinLimits, .explainedByBackup, .missingForStepDown, .allMissing, .saturated, .notDecided: nil
        }
    }
}
