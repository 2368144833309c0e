package import Decisions
package import Fleet
import Host
import Reporting

extension RunRecord.Plan {
    /// What a dry run prints after its log lines.
    /// - Parameter nginx: what NGINX shows instead of a generation of ours, which a real run would try to change by a
    ///   reload first, and end with where it can't.
    package func text(in language: Language, nginx: String? = nil) -> String {
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
        if let nginx {
            lines.append(
                language.choose(
                    "NGINX shows \(nginx).\nThat is so before the first run; else look whether NGINX runs. A real run reloads it "
                        + "first,\nand ends there if that fails.",
                    "NGINX muestra \(nginx).\nEs así antes de la primera ejecución; si no, mire si NGINX está en marcha. Una "
                        + "ejecución real\nprimero lo recarga, y termina ahí si eso falla."))
        }
        if let upstream {
            lines += ["", language.choose("Upstream file:", "Archivo upstream:"), upstream]
        }
        return lines.joined(separator: "\n")
    }
}

extension RunRecord {
    /// The answer of `why`.
    package func whyText(in language: Language) -> String {
        let shown = Metric.inFormat + Metric.beyondFormat.filter { reading($0) != nil }
        let readings = shown.map { metric in
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
