/// What a run decided about steps, always with its reason and what limited it.
package struct ScalingDecision: Equatable, Sendable {
    package enum Verdict: String, Codable, Sendable {
        case hold
        case up
        case down
    }

    package let verdict: Verdict
    /// The rule that spoke, also where a limit then kept the step from being taken.
    package let reason: Reason
    /// Everything that stood in the way, in the order in which it was asked; empty where nothing did.
    package let limits: [Limit]
    /// Consecutive runs, this one included, that asked for each direction.
    package let streak: Streak

    /// A step up that waits for a repair or a publication, for one run.
    package var isHeldBack: Bool {
        reason.direction == .up && limits.contains { $0 == .repaired || $0 == .publishing }
    }

    package init(verdict: Verdict, reason: Reason, limits: [Limit], streak: Streak) {
        self.verdict = verdict
        self.reason = reason
        self.limits = limits
        self.streak = streak
    }
}

/// Consecutive runs that asked for the same step.
package struct Streak: Equatable, Sendable, Codable {
    package var up = 0
    package var down = 0

    package init(up: Int = 0, down: Int = 0) {
        self.up = up
        self.down = down
    }

    /// One run more.
    package func adding(_ wish: Direction?) -> Streak {
        Streak(up: wish == .up ? up.counted : 0, down: wish == .down ? down.counted : 0)
    }
}

/// A reading beside the limit that it was compared with.
package struct Comparison: Equatable, Sendable {
    package let metric: Metric
    package let value: Quantity
    package let limit: Quantity
    /// Set where the value is the total divided by this number of backends.
    package let dividedBy: Int?

    package init(metric: Metric, value: Quantity, limit: Quantity, dividedBy: Int? = nil) {
        self.metric = metric
        self.value = value
        self.limit = limit
        self.dividedBy = dividedBy
    }
}

/// The rule that spoke.
package enum Reason: Equatable, Sendable {
    /// At least one reading is above its upper limit.
    case above([Comparison])
    /// All readings are below their lower limits.
    case below([Comparison])
    /// More backends than `MAX_BACKENDS` are there: one must go.
    case overMaximum(count: Int, maximum: Int)
    case withinLimits
    /// These readings are above their upper limits while a backup is under way, which makes them so; no other is.
    case explainedByBackup([Comparison])
    /// What is there is below every lower limit, but these readings are missing.
    case missingForStepDown([Metric])
    case allMissing
    case saturated(String)
    /// The run ended before it could decide.
    case notDecided
}

/// What kept a step from being taken.
package enum Limit: Equatable, Sendable {
    case samples(have: Int, need: Int)
    case stateLost
    case repaired
    case publishing
    /// NGINX refused the last publications; the next try is later.
    case unpublished(failures: Int, remaining: Duration)
    case notReady
    case draining(String)
    case cooldown(Direction, remaining: Duration)
    case backOff(failures: Int, remaining: Duration)
    case atMaximum(Int)
    case atMinimum(Int)
    /// Taking one away would leave fewer than `MIN_BACKENDS` ready ones.
    case tooFewReady(Int)
    /// All backends are adopted, and those are never stopped.
    case noneOfOurs
}
