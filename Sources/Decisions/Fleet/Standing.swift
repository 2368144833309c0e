/// Where a backend stands in its life.
///
/// ```
/// leftover ─▶ removed
/// starting ─▶ ready ─▶ draining ─▶ removed
///    │          │ ▲
///    ▼          ▼ │
///  failed    unhealthy ─▶ dead ─▶ replaced, removed
/// ```
package enum Standing: String, Codable, Sendable {
    /// Created and never started: what a killed run left.
    case leftover
    /// Runs, and was never ready yet.
    case starting
    /// Was never ready and will not be: it ended, or `STARTUP_TIMEOUT` is over.
    case failed
    case ready
    /// Was ready and answers slowly or wrongly: out of the upstream, watched for one run more.
    case unhealthy
    /// Was ready, and does not run, refuses connections, or was unhealthy in the run before, too.
    case dead
    /// Ended after it had been ready, or before this tool knew it.
    case exited
    /// Out of the upstream, still finishing its requests, to be stopped when it is idle.
    case draining
    /// Paused or being removed by somebody else: left alone.
    case frozen

    /// Whether it counts against `MIN_BACKENDS` and `MAX_BACKENDS`.
    package var counts: Bool {
        switch self {
        case .starting, .ready, .unhealthy: true
        case .leftover, .failed, .dead, .exited, .draining, .frozen: false
        }
    }
}
