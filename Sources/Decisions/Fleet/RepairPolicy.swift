/// The waits and bounds that repairs respect, as configured.
package struct RepairPolicy: Equatable, Sendable {
    package let backends: ClosedRange<Int>
    /// A backend that is not ready this long after it was first seen is removed.
    package let startupTimeout: Duration
    /// A drain lasts at least this long …
    package let drainSeconds: Duration
    /// … and at most this long, however busy the backend is.
    package let drainTimeout: Duration

    /// Somebody sends requests to backends. Where nobody does (queue workers), one that runs is ready, needs no address, and
    /// is asked to end as soon as it is to go: what it has begun is its own business until `STOP_TIMEOUT` is over.
    package let sendsRequests: Bool

    /// One that was ready and is lost sooner than this is counted as a start that failed, from the second in a row on.
    package var youth: Duration { max(startupTimeout, .seconds(120)) }

    /// Whether a backend that is out of the upstream may be asked to end.
    /// - Parameters:
    ///   - connections: those that it still holds; `nil` where they could not be counted.
    ///   - answers: it answers well by now, so that it is drained like any other.
    package func mayStop(
        _ departure: ScalingHistory.Departure, holding connections: Int?, answers: Bool, now: Moment
    ) -> Bool {
        guard let waited = departure.left?.elapsed(until: now) else { return false }
        return waited >= drainTimeout || (connections == 0 && (!answers || waited >= drainSeconds))
    }

    package init(
        backends: ClosedRange<Int>, startupTimeout: Duration = .seconds(120),
        drainSeconds: Duration = .seconds(30), drainTimeout: Duration = .seconds(300), sendsRequests: Bool = true
    ) {
        self.backends = backends
        self.startupTimeout = startupTimeout
        self.drainSeconds = sendsRequests ? drainSeconds : .zero
        self.drainTimeout = sendsRequests ? drainTimeout : .zero
        self.sendsRequests = sendsRequests
    }
}
