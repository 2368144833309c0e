package import Decisions
package import Fleet
import Host
import Reporting

extension StatusReport {
    /// The block of the format, then what explains it.
    package func text(in language: Language) -> String {
        var lines = [
            language.choose("=== Autoscaling Status ===", "=== Estado del Autoescalado ==="),
            language.choose("Active backends: ", "Backends activos: ") + (activeBackends.map(String.init) ?? "n/a"),
        ]
        lines += Metric.inFormat.map { "\($0.statusName(in: language)): \(reading($0))" }
        lines.append(
            language.choose("Last updated: ", "Última actualización: ")
                + (lastRun?.start.map(WallClock.local) ?? language.choose("never", "nunca")))
        if let problem { lines.append(language.choose("Problem: ", "Problema: ") + problem) }
        if let nginx { lines.append(language.choose("NGINX shows ", "NGINX muestra ") + nginx) }
        lines += warnings.map { language.choose("Warning: ", "Aviso: ") + $0 }
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
        judged.first { $0.metric == metric }?.text(in: language)
            ?? language.choose("not in METRICS, so it is not judged", "no está en METRICS, así que no se juzga")
    }

    private func table(in language: Language) -> [String] {
        let rows = backends.map { backend in
            [
                backend.name, backend.address ?? "-", backend.state.word(in: language),
                backend.served.map { $0 ? language.choose("in NGINX", "en NGINX") : "-" } ?? "?",
                backend.adopted ? language.choose("adopted", "adoptado") : "",
            ]
        }
        return TextColumns.aligned(rows).split(separator: "\n").map { "  \($0)" }
    }
}

extension RunRecord {
    /// Why the run did, or did not, take a step: the decision, the rule and what limited it.
    package func explanation(in language: Language) -> [String] {
        let decision = decision(in: language)
        var lines = [
            language.choose("Decision: ", "Decisión: ") + verdictWord(in: language) + " ("
                + decision.reason.text + ")"
        ]
        lines += decision.limitLines(in: language)
        for metric in Metric.allCases {
            if let missing = reading(metric)?.missing(in: language) {
                lines.append("\(metric.name(in: language)): \(missing)")
            }
        }
        lines += events.map { "- \($0.text)" }
        if exitStatus != 0 {
            lines.append(language.choose("Exit status: ", "Código de salida: ") + String(exitStatus))
        }
        return lines
    }
}

extension JudgedReading {
    /// `limits 20% … 80%`, and before it the share of one backend where that is judged.
    func text(in language: Language) -> String {
        let limits =
            language.choose("limits ", "límites ") + "\(metric.text(of: minimum)) … \(metric.text(of: maximum))"
        guard perBackend else { return limits }
        guard let value, let dividedBy, let judged else {
            return limits + language.choose(" per backend", " por backend")
        }
        let backends = dividedBy == 1 ? "1 backend" : "\(dividedBy) backends"
        return language.choose(
            "\(value) in all on \(backends) = \(judged) per backend, \(limits)",
            "\(value) en total en \(backends) = \(judged) por backend, \(limits)")
    }
}

extension RunRecord {
    /// A run that ended before it could decide found nothing normal.
    private func verdictWord(in language: Language) -> String {
        decision.reason.code == "not_decided"
            ? language.choose("none", "ninguna") : decision.verdict.word(in: language)
    }
}

extension RunRecord.RecordedDecision {
    /// What kept a step from being taken. An idle fleet at its minimum is no trouble: how long a step down would have had
    /// to wait does not matter there.
    fileprivate func limitLines(in language: Language) -> [String] {
        let isAtMinimum = limits.contains { $0.code == "min_backends" }
        return limits.compactMap { limit in
            switch limit.code {
            case "min_backends": language.choose("At the minimum: ", "En el mínimo: ") + limit.text
            case "samples" where isAtMinimum, "cooldown" where isAtMinimum: nil
            default: language.choose("Held back: ", "Impedido: ") + limit.text
            }
        }
    }
}

extension Standing {
    package func word(in language: Language) -> String {
        switch self {
        case .leftover: language.choose("leftover", "sobrante")
        case .starting: language.choose("starting", "arrancando")
        case .failed: language.choose("failed", "fallido")
        case .ready: language.choose("ready", "listo")
        case .unhealthy: language.choose("unhealthy", "enfermo")
        case .dead: language.choose("dead", "muerto")
        case .exited: language.choose("exited", "terminado")
        case .draining: language.choose("draining", "drenando")
        case .frozen: language.choose("frozen", "congelado")
        }
    }
}
