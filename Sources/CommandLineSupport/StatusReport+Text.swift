package import AutoscaleCore
package import Decisions

extension StatusReport {
    /// The block of the format, then what explains it.
    package func text(in language: Language) -> String {
        var lines = [
            language.choose("=== Autoscaling Status ===", "=== Estado del Autoescalado ==="),
            language.choose("Active backends: ", "Backends activos: ") + (activeBackends.map(String.init) ?? "n/a"),
            "CPU: \(reading(.cpu))",
            language.choose("Memory: ", "Memoria: ") + reading(.memory),
            language.choose("Active connections: ", "Conexiones activas: ") + reading(.connections),
            language.choose("Last updated: ", "Última actualización: ")
                + (lastRun?.start.map(WallClock.local) ?? language.choose("never", "nunca")),
        ]
        if let problem { lines.append(language.choose("Problem: ", "Problema: ") + problem) }
        if let nginx { lines.append(language.choose("NGINX shows ", "NGINX muestra ") + nginx) }
        lines += warnings.map { language.choose("Warning: ", "Aviso: ") + $0 }
        if !backends.isEmpty { lines += [""] + table(in: language) }
        if let lastRun { lines += [""] + lastRun.explanation(in: language) }
        return lines.map { $0.escapingControls() }.joined(separator: "\n")
    }

    private func reading(_ metric: Metric) -> String { lastRun?.reading(metric)?.text(of: metric) ?? "n/a" }

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
        var lines = [
            language.choose("Decision: ", "Decisión: ") + decision.verdict.word(in: language) + " ("
                + decision.reason.text + ")"
        ]
        lines += decision.limits.map { language.choose("Held back: ", "Impedido: ") + $0.text }
        for metric in Metric.allCases {
            if let missing = reading(metric)?.missing { lines.append("\(metric.name(in: language)): \(missing)") }
        }
        lines += events.map { "- \($0.text)" }
        if exitStatus != 0 {
            lines.append(language.choose("Exit status: ", "Código de salida: ") + String(exitStatus))
        }
        return lines
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
