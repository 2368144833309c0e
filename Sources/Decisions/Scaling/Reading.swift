/// One metric's value in one run, or why there is none.
///
/// A missing reading is a value of its own and can only make us do less: it is never zero.
package enum Reading: Equatable, Sendable {
    /// In the metric's unit, rounded down to its decimals: what is printed is judged.
    case value(Quantity)
    case missing(MissingReason)
    /// The database refuses connections because it is full: not unknown and not low.
    case saturated(String)
    /// Not named in `METRICS`: not read, takes no part.
    case unused
}

/// Why a reading is missing.
package enum MissingReason: Equatable, Sendable {
    /// The source could not be asked; the words are the system's own.
    case unavailable(String)
    case timedOut(seconds: Double)
    /// Sessions whose state this role may not see: the count would be too low without any error.
    case hiddenSessions(count: Int, role: String)
    /// The role that reads has reached a limit of its own, which says nothing about the application's; the words are the
    /// server's.
    case roleFull(String)
    /// It answered, and the answer is no whole number from 0 up.
    case notANumber(String)
    /// The counters of the last run can't be compared with the present ones, and no brief sample could be taken.
    case noInterval
}
