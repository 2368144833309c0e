/// Publications that failed, one after the other: each is a test, a reload and a reload back, and every reload leaves old
/// workers behind for as long as their connections last.
package struct PublicationBackOff: Equatable, Sendable, Codable {
    package let failures: Int
    package internal(set) var since: Moment
    /// What was found and is configured: once any of it is another, the next run tries at once.
    package let circumstances: String

    package init(failures: Int, since: Moment, circumstances: String) {
        self.failures = failures
        self.since = since
        self.circumstances = circumstances
    }

    /// How long the next try still has to wait, `nil` where it may be made: after one failure in the next run, a minute later
    /// with cron's line, then 2, 4 … 30 minutes after the last one.
    ///
    /// A cron tick that comes a little early is not put off for one more minute.
    package func remaining(at now: Moment, circumstances: String) -> Duration? {
        guard failures > 1, circumstances == self.circumstances else { return nil }
        let remaining = ScalingHistory.BackOff.delay(after: failures) - since.elapsed(until: now)
        return remaining > Self.earlyTick ? remaining : nil
    }

    /// One failure more.
    package static func after(
        _ previous: PublicationBackOff?, circumstances: String, at now: Moment
    ) -> PublicationBackOff {
        let before = previous?.circumstances == circumstances ? previous?.failures ?? 0 : 0
        return PublicationBackOff(failures: before.counted, since: now, circumstances: circumstances)
    }

    private static let earlyTick = Duration.seconds(5)
}
