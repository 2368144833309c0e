/// What is known of alerts between runs: which conditions last, and which receiver was told what and when.
///
/// ```
/// found ─▶ waiting ─(patience)─▶ told ─(an hour)─▶ reminded ─▶ … ─(not found)─▶ told that it is over ─▶ forgotten
/// ```
/// Each receiver goes this way by itself: one that could not be reached is told by the next run.
package struct AlertBook: Equatable, Sendable, Codable {
    package struct Entry: Equatable, Sendable, Codable {
        package let event: AlertEvent
        package let subject: String
        package var severity: AlertSeverity
        package var text: String
        /// When a run found it first, in this spell.
        package var since: Moment
        package var isOver: Bool
        /// By the receiver's id.
        package var told: [String: Told]
    }

    /// The last thing that a receiver was told of it.
    package struct Told: Equatable, Sendable, Codable {
        package let severity: AlertSeverity
        package let at: Moment

        package init(severity: AlertSeverity, at: Moment) {
            self.severity = severity
            self.at = at
        }
    }

    package private(set) var version = 1
    package private(set) var entries: [Entry] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    /// Takes over what a run found. What it judged and did not find is over; what it could not judge stays as it is.
    ///
    /// An occurrence is remembered for as long as the same one is not told again, and until every receiver was told.
    package mutating func take(
        _ findings: AlertFindings, at now: Moment, repeatAfter: Duration, receivers: [String]
    ) {
        for index in entries.indices where entries[index].event.kind == .condition {
            let entry = entries[index]
            let isFound = findings.found.contains { $0.event == entry.event && $0.subject == entry.subject }
            if findings.judged.contains(entry.event), !isFound { entries[index].isOver = true }
        }
        entries.removeAll { entry in
            entry.event.kind == .occurrence
                && receivers.allSatisfy { entry.told[$0].map { $0.at.elapsed(until: now) >= repeatAfter } ?? false }
        }
        for finding in findings.found { take(finding, at: now, repeatAfter) }
    }

    private mutating func take(_ finding: AlertFinding, at now: Moment, _ repeatAfter: Duration) {
        guard let index = entries.firstIndex(where: { $0.event == finding.event && $0.subject == finding.subject })
        else {
            entries.append(
                Entry(
                    event: finding.event, subject: finding.subject, severity: finding.severity, text: finding.text,
                    since: now, isOver: false, told: [:]))
            return
        }
        guard finding.event.kind == .condition else {
            // Who was told long ago is told again; who was never told hears the latest.
            entries[index].told = entries[index].told.filter { $0.value.at.elapsed(until: now) < repeatAfter }
            if entries[index].told.isEmpty { entries[index].since = now }
            entries[index].severity = finding.severity
            entries[index].text = finding.text
            return
        }
        if entries[index].isOver {
            // It is back before everybody was told that it was over: for those it never was.
            entries[index].isOver = false
            if entries[index].told.isEmpty { entries[index].since = now }
        }
        entries[index].severity = finding.severity
        entries[index].text = finding.text
    }

    /// What is to be told now, and to whom.
    package func due(for receivers: [String], at now: Moment, repeatAfter: Duration) -> [AlertNotice] {
        entries.flatMap { entry in
            receivers.compactMap { receiver in
                entry.phase(for: receiver, at: now, repeatAfter: repeatAfter).map {
                    AlertNotice(receiver: receiver, phase: $0, entry: entry)
                }
            }
        }
    }

    /// Notes that it was told.
    package mutating func note(_ notice: AlertNotice, at now: Moment) {
        guard
            let index = entries.firstIndex(where: {
                $0.event == notice.entry.event && $0.subject == notice.entry.subject
            })
        else { return }
        entries[index].told[notice.receiver] =
            notice.phase == .over ? nil : Told(severity: notice.entry.severity, at: now)
    }

    /// Forgets what is over for all of these receivers; one that is no longer configured is not waited for.
    package mutating func tidy(for receivers: [String]) {
        entries.removeAll { entry in entry.isOver && !receivers.contains { entry.told[$0] != nil } }
        for index in entries.indices {
            entries[index].told = entries[index].told.filter { receivers.contains($0.key) }
        }
    }

    /// The same with every stamp that lies in the future set to now, so that none of them is waited for.
    package func correctingFutureStamps(at now: Moment) -> AlertBook {
        var copy = self
        for index in copy.entries.indices {
            if copy.entries[index].since.isFuture(at: now) { copy.entries[index].since = now }
            copy.entries[index].told = copy.entries[index].told.mapValues {
                $0.at.isFuture(at: now) ? Told(severity: $0.severity, at: now) : $0
            }
        }
        return copy
    }
}

extension AlertBook.Entry {
    fileprivate func phase(for receiver: String, at now: Moment, repeatAfter: Duration) -> AlertNotice.Phase? {
        let told = told[receiver]
        if isOver { return told == nil ? nil : .over }
        guard let told else {
            guard since.elapsed(until: now) >= event.patience else { return nil }
            return event.kind == .occurrence ? .happened : .began
        }
        guard event.kind == .condition else { return nil }
        if severity > told.severity { return .worsened }
        return told.at.elapsed(until: now) >= repeatAfter ? .lasts : nil
    }
}

/// One thing to tell one receiver.
package struct AlertNotice: Equatable, Sendable {
    package enum Phase: String, Codable, Sendable {
        case happened
        case began
        case worsened
        case lasts
        case over
    }

    package let receiver: String
    package let phase: Phase
    package let entry: AlertBook.Entry

    package init(receiver: String, phase: Phase, entry: AlertBook.Entry) {
        self.receiver = receiver
        self.phase = phase
        self.entry = entry
    }
}
