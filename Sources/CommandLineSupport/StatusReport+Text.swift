package import Decisions
package import Fleet
import Host
import Reporting

extension StatusReport {
    /// The block of the format, then what explains it.
    package func text(in language: Language) -> String {
        func words(_ texts: [StatusText]) -> [String] { texts.map { $0.sentence(in: language) } }
        var lines = words([.title, .activeBackends(activeBackends)])
        lines += Metric.inFormat.map { "\($0.statusName(in: language)): \(reading($0))" }
        lines += words([.lastUpdated(lastRun?.start.map(WallClock.local))])
        if let problem { lines += words([.problem(problem)]) }
        if !sendsRequests { lines += words([.nothingPublished]) }
        if let nginx { lines += words([.nginxShows(nginx)]) }
        lines += words(warnings.map { .warning($0) })
        lines += [""] + Metric.inFormat.map { "\($0.name(in: language)): \(judgement($0, in: language))" }
        lines += Metric.beyondFormat.filter { metric in judged.contains { $0.metric == metric } }
            .map { "\($0.name(in: language)): \(reading($0)), \(judgement($0, in: language))" }
        if !backends.isEmpty { lines += [""] + table(in: language) }
        if let lastRun { lines += [""] + lastRun.explanation(in: language) }
        return lines.map { $0.escapingControls() }.joined(separator: "\n")
    }

    private func reading(_ metric: Metric) -> String { lastRun?.reading(metric)?.text(of: metric) ?? "n/a" }

    /// What the reading is compared with, or that it is compared with nothing.
    private func judgement(_ metric: Metric, in language: Language) -> String {
        (judged.first { $0.metric == metric }?.text ?? .unjudged).sentence(in: language)
    }

    private func table(in language: Language) -> [String] {
        let rows = backends.map { backend in
            [
                backend.name, backend.address ?? "-", backend.state.sentence(in: language),
                backend.served.map { $0 ? StatusText.inNGINX.sentence(in: language) : "-" }
                    ?? (sendsRequests ? "?" : "-"),
                backend.adopted ? StatusText.adopted.sentence(in: language) : "",
            ]
        }
        return TextColumns.aligned(rows).split(separator: "\n").map { "  \($0)" }
    }
}

extension RunRecord {
    /// Why the run did, or did not, take a step: the decision, the rule and what limited it.
    package func explanation(in language: Language) -> [String] {
        let decision = decision(in: language)
        // A run that ended before it could decide found nothing normal.
        let verdict = decision.reason.code == "not_decided" ? nil : decision.verdict
        var lines = [StatusText.decision(verdict, reason: decision.reason.text).sentence(in: language)]
        lines += decision.limitLines(in: language)
        for metric in Metric.allCases {
            if let missing = reading(metric)?.missing(in: language) {
                lines.append("\(metric.name(in: language)): \(missing)")
            }
        }
        lines += events.map { "- \($0.text)" }
        if exitStatus != 0 {
            lines.append(StatusText.exitStatus(exitStatus).sentence(in: language))
        }
        return lines
    }
}

extension JudgedReading {
    /// `limits 20% … 80%`, and before it the share of one backend where that is judged.
    var text: StatusText {
        let band = "\(metric.text(of: minimum)) … \(metric.text(of: maximum))"
        guard perBackend else { return .limits(band) }
        guard let value, let dividedBy, let judged else { return .limitsPerBackend(band) }
        return .share(value: "\(value)", backends: dividedBy, judged: "\(judged)", limits: band)
    }
}

extension RunRecord.RecordedDecision {
    /// What kept a step from being taken. An idle fleet at its minimum is no trouble: how long a step down would have had
    /// to wait does not matter there.
    fileprivate func limitLines(in language: Language) -> [String] {
        let isAtMinimum = limits.contains { $0.code == "min_backends" }
        return limits.compactMap { limit in
            switch limit.code {
            case "min_backends": StatusText.atMinimum(limit.text).sentence(in: language)
            case "samples" where isAtMinimum, "cooldown" where isAtMinimum: nil
            default: StatusText.heldBack(limit.text).sentence(in: language)
            }
        }
    }
}
