/// Everything that is worth an alert. The raw value is its only spelling: files, receivers, documents.
package enum AlertEvent: String, Codable, CaseIterable, Sendable {
    // autoscale monitor
    case stepFailed = "step_failed"
    case backOff = "back_off"
    case backendLost = "backend_lost"
    case noReadyBackend = "no_ready_backend"
    case driftRepaired = "drift_repaired"
    case metricMissing = "metric_missing"
    case databaseSaturated = "database_saturated"
    case atMaximum = "at_maximum"
    /// A run could not do its work at all: Docker or NGINX away, a file that can't be written.
    case runFailed = "run_failed"

    // every command
    case configurationBad = "configuration_bad"

    // backup, cleanup
    case backupFailed = "backup_failed"
    case cleanupFailed = "cleanup_failed"

    // healthcheck; a check that finds a fault is an event of its own
    case backupOverdue = "backup_overdue"
    case diskLow = "disk_low"
    case certificateExpiring = "certificate_expiring"
    case runOverdue = "run_overdue"
    case siteDown = "site_down"
    case backendsUnhealthy = "backends_unhealthy"
    case upstreamDiffers = "upstream_differs"
    case databaseTrouble = "database_trouble"
    case replicaBehind = "replica_behind"
    case oldWorkers = "old_workers"

    /// `healthcheck --test-alert`
    case test

    package enum Kind: Sendable {
        /// It begins, lasts and ends: told when it begins, once an hour while it lasts, and when it is over.
        case condition
        /// It happens: told once; the same again within the hour is not told.
        case occurrence
    }

    package var kind: Kind {
        switch self {
        case .stepFailed, .backendLost, .driftRepaired, .test: .occurrence
        case .backOff, .noReadyBackend, .metricMissing, .databaseSaturated, .atMaximum, .runFailed, .configurationBad,
            .backupFailed,
            .cleanupFailed, .backupOverdue, .diskLow, .certificateExpiring, .runOverdue, .siteDown,
            .backendsUnhealthy, .upstreamDiffers, .databaseTrouble, .replicaBehind, .oldWorkers:
            .condition
        }
    }

    /// How long a condition lasts before it is told: one reading that is missing once is no news.
    package var patience: Duration {
        switch self {
        case .metricMissing: .seconds(180)
        case .atMaximum: .seconds(600)
        default: .zero
        }
    }
}

package enum AlertSeverity: String, Codable, Comparable, Sendable {
    case warning
    case critical

    package static func < (left: Self, right: Self) -> Bool { left == .warning && right == .critical }
}

/// What one run found.
package struct AlertFinding: Equatable, Sendable {
    package let event: AlertEvent
    /// Which one, where there can be several at once: a metric, a cause. Empty otherwise. Never what is new each time, as a
    /// backend's name is: the same again within the hour is known by it.
    package let subject: String
    package internal(set) var severity: AlertSeverity
    /// For people, in the configured language.
    package internal(set) var text: String

    package init(_ event: AlertEvent, _ subject: String = "", severity: AlertSeverity, text: String) {
        self.event = event
        self.subject = subject
        self.severity = severity
        self.text = text
    }
}

/// What a run found, and which events it was able to judge: one of those that it did not find is over.
package struct AlertFindings: Equatable, Sendable {
    package var found: [AlertFinding]
    package var judged: Set<AlertEvent>

    package init(_ found: [AlertFinding] = [], judged: Set<AlertEvent> = []) {
        self.found = found
        self.judged = judged
    }

    /// How many texts of one event and subject are put together.
    private static let mostTexts = 5

    /// Adds one; several of the same event and subject become one, with the words of all.
    package mutating func add(_ finding: AlertFinding) {
        guard let index = found.firstIndex(where: { $0.event == finding.event && $0.subject == finding.subject }) else {
            found.append(finding)
            return
        }
        let texts = found[index].text
        guard texts.split(separator: "; ").count < Self.mostTexts else {
            if !texts.hasSuffix("; …") { found[index].text += "; …" }
            return
        }
        found[index].text += "; \(finding.text)"
        found[index].severity = max(found[index].severity, finding.severity)
    }
}
