package import Decisions
package import Fleet
import Host
import Reporting

extension RunRecord.Plan {
    /// What a dry run prints after its log lines.
    /// - Parameters:
    ///   - nginx: what NGINX shows instead of a generation of ours, which a real run would try to change by a reload first,
    ///     and end with where it can't.
    ///   - isPublished: somebody is told who is ready.
    package func text(in language: Language, nginx: String? = nil, isPublished: Bool = true) -> String {
        func words(_ text: StatusText) -> String { text.sentence(in: language) }
        var steps = actions.map(\.text)
        if upstreamChanges {
            steps.append(words(.publishes))
        } else if startsBackends, isPublished {
            steps.append(words(.publishesWhenReady))
        }
        if steps.isEmpty { steps = [words(.nothingToDo)] }
        var lines = [words(.plan)] + steps.map { "  \($0)" }
        if let nginx { lines.append(words(.nginxTrouble(nginx))) }
        if let upstream { lines += ["", words(.upstreamFile), upstream] }
        return lines.joined(separator: "\n")
    }
}

extension RunRecord {
    /// The answer of `why`.
    /// - Parameter last: the last run; `nil` where there was none.
    package static func whyText(_ last: RunRecord?, in language: Language) -> String {
        last?.whyText(in: language) ?? StatusText.never.sentence(in: language)
    }

    private func whyText(in language: Language) -> String {
        let shown = Metric.inFormat + Metric.beyondFormat.filter { reading($0) != nil }
        let readings = shown.map { metric in
            "\(metric.name(in: language)): \(reading(metric)?.text(of: metric) ?? "n/a")"
        }
        let lines =
            [
                StatusText.lastRun(start.map(WallClock.local) ?? time).sentence(in: language),
                readings.joined(separator: ", "),
                StatusText.activeBackends(activeBackends).sentence(in: language),
            ] + explanation(in: language)
        return lines.map { $0.escapingControls() }.joined(separator: "\n")
    }
}
