extension Reading {
    /// The value with its unit, or `n/a`.
    package func text(of metric: Metric) -> String {
        if case .value(let value) = self { metric.text(of: value) } else { "n/a" }
    }
}

extension Sample {
    /// The line of the format: `CPU: 45%, Memory: 52%, Connections: 78`.
    package func line(in language: Language) -> String { line(of: Metric.inFormat, in: language) }

    /// The same of those metrics that are configured and not in that line.
    package func lineBeyondFormat(in language: Language) -> String {
        line(of: Metric.beyondFormat.filter { self[$0] != .unused }, in: language)
    }

    private func line(of metrics: [Metric], in language: Language) -> String {
        metrics.map { "\($0.name(in: language)): \(self[$0].text(of: $0))" }.joined(separator: ", ")
    }
}
