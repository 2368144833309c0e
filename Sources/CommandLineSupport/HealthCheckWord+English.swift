import Decisions

extension HealthCheckWord {
    package var english: String {
        switch self {
        case .checks(let count): count == 1 ? "1 check" : "\(count) checks"
        case .configurationUnusable(let first, let more):
            "the configuration can't be used: \(first)" + (more > 0 ? " (and \(more) more)" : "")
        case .nobodyToTell: "ALERT_URL is not set, so there is nobody to send a test alert to. See docs/alerts.md."
        }
    }
}
