package import Decisions
import Host
import Reporting
import Settings

extension RunFailure {
    /// A step that failed, or a run that could not do its work at all; in the failure's own words.
    package func alert(in language: Language) -> AlertFinding {
        let isStep = exitStatus == .failed
        return AlertFinding(
            isStep ? .stepFailed : .runFailed, isStep ? code : "", severity: .critical, text: sentence(in: language))
    }
}

extension MonitorRun {
    /// What this run found, once it has looked and decided; an end before that is known by its exit status.
    mutating func noteFindings(_ world: World, _ decided: Decided, before history: ScalingHistory) {
        let language = configuration.language
        findings.judged = [.noReadyBackend, .metricMissing, .databaseSaturated, .atMaximum]
        for notice in decided.plan.notices {
            let text = notice.sentence(in: language)
            switch notice {
            case .sharedFailure, .noneReady:
                findings.add(.init(.noReadyBackend, severity: .critical, text: text))
            case .lost(_, let activity):
                let cause = activity == .running ? "does_not_answer" : activity.rawValue
                findings.add(.init(.backendLost, cause, severity: .warning, text: text))
            case .vanished: findings.add(.init(.backendLost, "gone", severity: .warning, text: text))
            case .neverReady: findings.add(.init(.stepFailed, notice.code, severity: .critical, text: text))
            case .drainCancelled: break
            }
        }
        for metric in Metric.allCases {
            switch world.sample[metric] {
            case .missing(let reason):
                findings.add(
                    .init(
                        .metricMissing, metric.rawValue, severity: .warning,
                        text: "\(metric.name(in: language)): \(reason.sentence(in: language))"))
            case .saturated(let detail):
                findings.add(
                    .init(
                        .databaseSaturated, severity: .critical, text: Reason.saturated(detail).sentence(in: language)))
            case .value, .unused: break
            }
        }
        let maximum = configuration.scaling.backends.upperBound
        if decided.plan.counted.count >= maximum, maximum > configuration.scaling.backends.lowerBound {
            findings.add(
                .init(.atMaximum, severity: .warning, text: Limit.atMaximum(maximum).sentence(in: language)))
        }
        if isDrift(decided, history) { drift = publisher.drift(served: decided.live)?.sentence(in: language) }
    }

    /// Something is to be published although nothing has changed that this tool knows of.
    private func isDrift(_ decided: Decided, _ history: ScalingHistory) -> Bool {
        decided.publishes && decided.course.step == nil && history.operation == nil && decided.plan.notices.isEmpty
            && !decided.plan.ready.isEmpty
            && Set(decided.plan.ready.map(\.name)) == Set(history.backends.filter(\.value.wasReady).map(\.key))
    }

    /// What the effects of this run came to.
    mutating func noteOutcome(_ history: ScalingHistory) {
        if let drift, hasPublished { findings.add(.init(.driftRepaired, severity: .warning, text: drift)) }
        findings.judged.insert(.backOff)
        guard let backOff = history.backOff else { return }
        let remaining = max(.zero, backOff.delay - backOff.since.elapsed(until: .now()))
        findings.add(
            .init(
                .backOff, severity: .warning,
                text: Limit.backOff(failures: backOff.failures, remaining: remaining)
                    .sentence(in: configuration.language)))
    }

    /// After the lock is free: nobody waits for a receiver.
    mutating func tell(_ alerts: AlertDispatch) async {
        let isSignal = interruption.signal != nil
        let summary = record.events.map(\.text).joined(separator: "\n")
        let problems = await alerts.finish(
            allFindings(), status: isSignal ? nil : record.exitStatus, summary: summary)
        for problem in problems { log.say(.alertUntold(problem)) }
    }

    /// With how the run ended: a failed step, or a run that could not do its work.
    private func allFindings() -> AlertFindings? {
        var all = findings
        if interruption.signal != nil { return all }
        guard let failure else {
            all.judged.insert(.runFailed)
            return all
        }
        if case .busy = failure { return nil }  // the other run tells
        let alert = failure.alert(in: configuration.language)
        if alert.event != .runFailed { all.judged.insert(.runFailed) }
        all.add(alert)
        return all
    }
}
