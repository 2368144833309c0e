import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// Everything that is known before the first effect.
    struct Decided {
        let plan: RepairPlan
        let decision: ScalingDecision
        let step: Step?
        /// The file or NGINX is not what the ready backends ask for.
        let publishes: Bool
        /// NGINX did not refuse the last publication, or it is time to try again.
        let mayPublish: Bool
        /// The memory with what the repairs of this run intend.
        let repairing: ScalingHistory
        let live: LiveUpstream?
        /// For the backends that the repairs start, and the last one for the step.
        let newNames: [String]
    }

    /// Pure but for one look at the upstream file: repairs, or one step, and the words for both.
    mutating func decide(_ world: World, _ stored: Stored) throws(RunFailure) -> Decided {
        let plan = RepairPlan(
            for: world.fleet, history: stored.state.history, policy: configuration.repairs, now: now)
        let publishes = try differs(upstream.configuration(for: plan.ready), world.live)
        var situation = plan.situation(publishes: publishes, stateLost: stored.isLost)
        let wait = publicationWait(stored.state.history, world.live)
        if publishes { situation.publicationWait = wait }
        let decision = configuration.scaling.decide(world.sample, fleet: situation, after: plan.history)
        let step = plan.step(for: decision)
        say(world.sample, decision, plan.notices)

        var repairing = plan.history
        repairing.streak = decision.streak
        repairing.hasHeldBack = decision.isHeldBack ? true : nil
        if !publishes { repairing.publishing = nil }
        let newNames = world.names.first(plan.start + 1)
        for name in newNames.prefix(plan.start) { repairing.backends[name] = .init(startingSince: now) }
        write(world, plan, decision)
        return Decided(
            plan: plan, decision: decision, step: step, publishes: publishes, mayPublish: wait == nil,
            repairing: repairing, live: world.live, newNames: newNames)
    }

    /// The memory with the step's intent and its stamp; both are written before its first effect and never taken back.
    func intending(_ step: Step, _ decided: Decided, after history: ScalingHistory) -> ScalingHistory {
        var intended = history
        intended.lastStep = .init(direction: step.direction, time: now)
        intended.streak = Streak()
        switch step {
        case .start:
            let name = decided.newNames[decided.plan.start]
            intended.operation = .init(direction: .up, backend: name)
            intended.backends[name] = .init(startingSince: now)
        case .takeBack: intended.operation = nil
        case .drain(let victim): intended.operation = .init(direction: .down, backend: victim.name)
        }
        return intended
    }

    func differs(_ wanted: UpstreamConfiguration?, _ live: LiveUpstream?) throws(RunFailure) -> Bool {
        guard let wanted else { return false }
        do throws(FileFailure) {
            return try upstream.differs(wanted, served: live)
        } catch {
            throw .file(error)
        }
    }

    /// The three lines of the format come first and together; what explains them follows.
    private mutating func say(_ sample: Sample, _ decision: ScalingDecision, _ notices: [Notice]) {
        log.say(.readings(sample))
        log.say(.state(decision.verdict))
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

    private mutating func write(_ world: World, _ plan: RepairPlan, _ decision: ScalingDecision) {
        let language = configuration.language
        for metric in Metric.allCases where world.sample[metric] != .unused {
            record.readings[metric.rawValue] = .init(world.sample[metric], in: language)
        }
        record.backends = plan.standings.map {
            .init(
                name: $0.backend.name, address: $0.backend.address?.description, state: $0.standing,
                adopted: !$0.backend.isManaged)
        }
        record.activeBackends = plan.counted.count
        record.decision = .init(decision, in: language)
    }
}
