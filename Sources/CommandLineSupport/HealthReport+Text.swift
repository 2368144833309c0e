package import Decisions
package import HealthChecks
import Host

extension HealthReport {
    /// One summary line, performance data behind `|`, and a line for each check (monitoring-plugins guidelines, "Plugin
    /// output"). A `|` of somebody else's text would end it.
    package func text(in language: Language) -> String {
        let figures = checks.flatMap(\.performance).map(\.text).joined(separator: " ")
        let lines = [summary(in: language) + (figures.isEmpty ? "" : " | \(figures)")] + checks.map(\.line)
        return lines.joined(separator: "\n")
    }

    /// What a log needs: nothing while all is well.
    package var complaints: [String] {
        checks.filter { $0.level != .ok }.map(\.line)
    }

    /// `HEALTHCHECK WARNING - app: backup: there is no verified backup yet`
    package func summary(in language: Language) -> String {
        let worst = checks.filter { $0.level != .ok }.sorted { $0.level.urgency < $1.level.urgency }
        let words =
            worst.isEmpty
            ? HealthCheckWord.checks(checks.count).sentence(in: language)
            : worst.map { "\($0.name.rawValue): \($0.text)" }.joined(separator: "; ")
        return "HEALTHCHECK \(level.word) - \(service): \(words)".withoutBars
    }
}

extension HealthReport.Check {
    fileprivate var line: String { "[\(level.word)] \(name.rawValue): \(text)".withoutBars }
}

extension CheckLevel {
    fileprivate var urgency: Int {
        switch self {
        case .critical: 0
        case .warning: 1
        case .unknown: 2
        case .ok: 3
        }
    }
}

extension String {
    fileprivate var withoutBars: String {
        String(escapingControls().map { $0 == "|" ? "/" : $0 })
    }
}
