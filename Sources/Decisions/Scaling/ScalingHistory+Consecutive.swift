extension ScalingHistory {
    /// The same without what only runs one after the other may add up to, where this run does not follow the last one.
    ///
    /// A gap of more than two runs ends it, and so does a run that could not decide. How often runs come is what the last
    /// gap was, and a minute, cron's shortest, where it was less.
    package func endingStreaks(at now: Moment) -> ScalingHistory {
        guard !follows(at: now) else { return self }
        var copy = self
        copy.streak = Streak()
        for name in backends.keys { copy.backends[name]?.unhealthyRuns = 0 }
        return copy
    }

    /// A run has decided.
    package mutating func recordRun(at now: Moment) {
        interval = lastRun.flatMap { $0.boot == now.boot ? Int($0.elapsed(until: now) / .milliseconds(1)) : nil }
        lastRun = now
    }

    private func follows(at now: Moment) -> Bool {
        guard let lastRun, lastRun.boot == now.boot, !lastRun.isFuture(at: now) else { return false }
        let usual = Swift.max(Self.shortestInterval, .milliseconds(Swift.max(0, interval ?? 0)))
        return lastRun.elapsed(until: now) <= usual * 2 + Self.lateTick
    }

    private static let shortestInterval = Duration.seconds(60)
    /// How much later than its minute a run may look: the one before may have looked early.
    private static let lateTick = Duration.seconds(15)
}
