/// The waits and bounds that repairs respect, as configured.
package struct RepairPolicy: Equatable, Sendable {
    package let backends: ClosedRange<Int>
    /// A backend that is not ready this long after it was first seen is removed.
    package let startupTimeout: Duration
    /// A drain lasts at least this long …
    package let drainSeconds: Duration
    /// … and at most this long, however busy the backend is.
    package let drainTimeout: Duration

    package init(
        backends: ClosedRange<Int>, startupTimeout: Duration = .seconds(120),
        drainSeconds: Duration = .seconds(30), drainTimeout: Duration = .seconds(300)
    ) {
        self.backends = backends
        self.startupTimeout = startupTimeout
        self.drainSeconds = drainSeconds
        self.drainTimeout = drainTimeout
    }
}
