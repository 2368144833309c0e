/// One backend more or one backend less, as it will be carried out.
package enum Step: Equatable, Sendable {
    case start
    /// A step up that ends an open drain instead of starting a new backend.
    case takeBack(Backend)
    case drain(Backend)

    package var direction: Direction {
        switch self {
        case .start, .takeBack: .up
        case .drain: .down
        }
    }
}

extension RepairPlan {
    /// What the decision has to know of this plan.
    /// - Parameter publishes: what NGINX serves, or its file, is not what it should be.
    package func situation(publishes: Bool, stateLost: Bool) -> FleetSituation {
        let draining = drain.backend.map {
            FleetSituation.Drain(name: $0.name, isReady: drainingIsReady, isEnding: drain.isEnding)
        }
        var situation = FleetSituation(
            counted: counted.count,
            readyWithoutVictim: ready.count { $0 != victim },
            hasVictim: victim != nil,
            draining: draining,
            repairs: startsBackends,
            publishes: publishes,
            nothingReady: ready.isEmpty,
            stateLost: stateLost)
        situation.starting = start + restart.count
        return situation
    }

    /// The step that the decision takes, if it takes one.
    package func step(for decision: ScalingDecision) -> Step? {
        switch decision.verdict {
        case .hold: nil
        case .up: drainingIsReady ? drain.backend.map(Step.takeBack) ?? .start : .start
        case .down: victim.map(Step.drain)
        }
    }
}
