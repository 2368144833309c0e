import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// Everything that is known before the first effect.
    struct Decided {
        let plan: RepairPlan
        let decision: ScalingDecision
        /// The file or NGINX is not what the ready backends ask for.
        let publishes: Bool
        let live: LiveUpstream?
        let course: FleetCourse
    }

    /// Pure but for one look at the upstream file: repairs, or one step, and the words for both.
    mutating func decide(_ world: World, _ stored: Stored) throws(RunFailure) -> Decided {
        let plan = RepairPlan(
            for: world.fleet, history: stored.state.history, policy: configuration.repairs, now: now)
        let publishes = try differs(plan.ready, world.live)
        var situation = plan.situation(publishes: publishes, stateLost: stored.isLost)
        let wait = publicationWait(stored.state.history, world.live)
        if publishes { situation.publicationWait = wait }
        let inputs = DecisionInputs(
            policy: configuration.scaling, sample: world.sample, fleet: situation, history: plan.history)
        let decision = inputs.decide()
        say(world.sample, decision, plan.notices)
        note(plan, inputs, decision)
        let course = FleetCourse(
            plan, decision, publishes: publishes, mayPublish: wait == nil, names: world.names.first(plan.start + 1),
            served: world.live?.servers, at: now)
        return Decided(plan: plan, decision: decision, publishes: publishes, live: world.live, course: course)
    }

    /// The three lines of the format come first and together; what explains them follows.
    private mutating func say(_ sample: Sample, _ decision: ScalingDecision, _ notices: [Notice]) {
        log.say(.readings(sample))
        log.say(.state(decision.verdict))
        if Metric.beyondFormat.contains(where: { sample[$0] != .unused }) { log.say(.readingsBeyondFormat(sample)) }
        log.catchUp()
        for metric in Metric.allCases {
            switch sample[metric] {
            case .missing(let reason): log.say(.reading(metric, missing: reason))
            case .saturated(let detail): log.say(.saturated(detail))
            case .value, .unused: break
            }
        }
        if decision.verdict != .hold {
            log.say(.stepped(reason: decision.reason))
        } else if !decision.limits.isEmpty, !isIdleAtMinimum(decision) {
            log.say(.held(reason: decision.reason, limits: decision.limits))
        }
        for notice in notices { log.say(.notice(notice)) }
        for sentence in configuration.exposures { log.say(.exposure(sentence)) }
    }

    /// The quiet state of most nights: nobody asks why nothing is taken away from the minimum.
    private func isIdleAtMinimum(_ decision: ScalingDecision) -> Bool {
        decision.limits.contains(.atMinimum(configuration.scaling.backends.lowerBound))
    }

    private mutating func note(_ plan: RepairPlan, _ inputs: DecisionInputs, _ decision: ScalingDecision) {
        record.backends = plan.standings.map {
            .init(
                name: $0.backend.name, address: $0.backend.address?.description, state: $0.standing,
                adopted: !$0.backend.isManaged)
        }
        record.activeBackends = plan.counted.count
        record.note(inputs, decision, in: configuration.language)
    }
}
