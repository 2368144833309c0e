package import AutoscaleCore
package import Decisions

extension RunRecord.Plan {
    /// What a dry run prints after its log lines.
    package func text(in language: Language) -> String {
        var lines = [language.choose("Plan:", "Plan:")]
        lines += actions.map { "  \($0.text)" }
        if upstreamChanges {
            lines.append(language.choose("  write, test and reload NGINX", "  escribir, probar y recargar NGINX"))
        } else if startsBackends {
            lines.append(
                language.choose(
                    "  when it is ready: write, test and reload NGINX",
                    "  cuando esté listo: escribir, probar y recargar NGINX"))
        }
        if actions.isEmpty, !upstreamChanges { lines.append(language.choose("  nothing to do", "  nada que hacer")) }
        if let upstream {
            lines += ["", language.choose("Upstream file:", "Archivo upstream:"), upstream]
        }
        return lines.joined(separator: "\n")
    }
}

extension RunRecord {
    /// The answer of `why`.
    package func whyText(in language: Language) -> String {
        let readings = Metric.allCases.map { metric in
            "\(metric.name(in: language)): \(reading(metric)?.text(of: metric) ?? "n/a")"
        }
        let lines =
            [
                language.choose("Last run: ", "Última ejecución: ") + (start.map(WallClock.local) ?? time),
                readings.joined(separator: ", "),
                language.choose("Active backends: ", "Backends activos: ")
                    + (activeBackends.map(String.init) ?? "n/a"),
            ] + explanation(in: language)
        return lines.map { $0.escapingControls() }.joined(separator: "\n")
    }
}
