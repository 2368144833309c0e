import Connections
import Decisions
import FoundationEssentials
import Host
import Settings

/// All that one receiver is told by one run, in one request.
struct AlertLetter: Sendable {
    let service: String
    let host: String
    let command: ToolCommand
    let language: Language
    let now: Moment
    let repeatAfter: Duration
    let notices: [AlertNotice]

    /// `nil` for mail, which is no HTTP, and for receivers that are not told single events.
    func request(to receiver: AlertReceiver, within timeout: Duration) -> HTTPRequest? {
        let url = receiver.url.reveal()
        return switch receiver.format {
        case .json: Self.post(body, to: url, timeout)
        case .slack: Self.post(SlackMessage(text: slackText), to: url, timeout)
        case .alertmanager:
            Self.post(prometheusAlerts, to: receiver.address(adding: "api/v2/alerts"), timeout)
        case .healthchecks, .email: nil
        }
    }

    private static func post(_ value: some Encodable, to url: String, _ timeout: Duration) -> HTTPRequest {
        HTTPRequest(
            .post, url, headers: [HTTPHeader("Content-Type", "application/json")],
            body: StableJSON.bytes(value), timeout: timeout, bodyPolicy: .discard)
    }

    // MARK: Ours

    private struct Body: Encodable {
        struct Alert: Encodable {
            let event: AlertEvent
            let subject: String?
            let phase: AlertNotice.Phase
            let severity: AlertSeverity
            let text: String
            let since: String
        }

        let version = 1
        let service: String
        let host: String
        let command: ToolCommand
        let time: String
        let alerts: [Alert]
    }

    private var body: Body {
        Body(
            service: service, host: host, command: command, time: WallClock.utc(now.wall),
            alerts: notices.map { notice in
                .init(
                    event: notice.entry.event, subject: notice.entry.subject.isEmpty ? nil : notice.entry.subject,
                    phase: notice.phase, severity: notice.entry.severity, text: notice.entry.text,
                    since: WallClock.utc(notice.entry.since.wall))
            })
    }

    // MARK: For people

    /// A line for each.
    var lines: [String] { notices.map { "\(word(for: $0)): \($0.entry.text)\(time(of: $0))".escapingControls() } }

    /// The first line of a mail.
    var subject: String {
        let worst = notices.contains { $0.phase != .over && $0.entry.severity == .critical }
        let isOver = notices.allSatisfy { $0.phase == .over }
        let word = isOver ? AlertPhrase.resolved : .severity(worst ? .critical : .warning)
        return "[\(service)@\(host)] \(word.sentence(in: language)): \(notices.first?.entry.text ?? "")"
            .escapingControls()
    }

    private func word(for notice: AlertNotice) -> String {
        let phrase: AlertPhrase =
            switch notice.phase {
            case .happened, .began, .worsened: .severity(notice.entry.severity)
            case .lasts: .lasts(notice.entry.severity, age(of: notice.entry))
            case .over: .resolved
            }
        return phrase.sentence(in: language)
    }

    /// When something happened that could not be told at once, and how long it lasted when it is over.
    private func time(of notice: AlertNotice) -> String {
        let age = age(of: notice.entry)
        switch notice.phase {
        case .happened where age.seconds >= 120: return " (\(AlertPhrase.ago(age).sentence(in: language)))"
        case .over: return " (\(AlertPhrase.lasted(age).sentence(in: language)))"
        case .happened, .began, .worsened, .lasts: return ""
        }
    }

    private func age(of entry: AlertBook.Entry) -> Age { Age(Int(entry.since.elapsed(until: now) / .seconds(1))) }

    private struct SlackMessage: Encodable {
        let text: String
    }

    private var slackText: String {
        ([("*\(service)@\(host)*")] + lines.map(Self.slackEscaped)).joined(separator: "\n")
    }

    /// The three characters that mean something to Slack.
    private static func slackEscaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }

    // MARK: Alertmanager

    private struct PrometheusAlert: Encodable {
        let labels: [String: String]
        let annotations: [String: String]
        let startsAt: String
        let endsAt: String
    }

    /// How long an occurrence stays in Alertmanager.
    private static let occurrenceSeconds = 300
    /// A reminder may come late.
    private static let slackSeconds = 600

    private var prometheusAlerts: [PrometheusAlert] {
        notices.map { notice in
            let entry = notice.entry
            var labels = [
                "alertname": "autoscale_\(entry.event.rawValue)", "service": service, "instance": host,
                "severity": entry.severity.rawValue, "job": "autoscale",
            ]
            if !entry.subject.isEmpty { labels["subject"] = entry.subject }
            // Alertmanager holds an alert to be over when nobody repeats it: ours is repeated once an hour.
            let lasts =
                switch notice.phase {
                case .over: 0
                case .happened: Self.occurrenceSeconds
                case .began, .worsened, .lasts: Int(repeatAfter / .seconds(1)) + Self.slackSeconds
                }
            return PrometheusAlert(
                labels: labels, annotations: ["summary": entry.text],
                startsAt: WallClock.utc(min(entry.since.wall, now.wall)), endsAt: WallClock.utc(now.wall + lasts))
        }
    }
}
