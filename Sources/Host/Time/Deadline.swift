/// The moment by which a whole run is over: every time-out is the smaller of its own and what is left of this one.
package struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    package init(after duration: Duration) {
        end = ContinuousClock.now.advanced(by: duration)
    }

    /// What is left; never negative.
    package var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }

    package var isOver: Bool { remaining == .zero }

    /// The given time-out, or what is left of the run where that is less.
    package func limited(_ timeout: Duration) -> Duration { min(timeout, remaining) }

    /// A deadline of its own inside this one.
    package func within(_ timeout: Duration) -> Deadline { Deadline(after: limited(timeout)) }
}
