/// A point in time that a changed wall clock can't move.
///
/// Taken once a run and carried as a value. Elapsed time is judged by the kernel's boot clock (clock_gettime(2),
/// `CLOCK_BOOTTIME`) and the boot's id; the wall clock is for people.
package struct Moment: Equatable, Sendable, Codable {
    /// Unix time in seconds.
    package let wall: Int
    /// Milliseconds since the machine was started, time asleep included.
    package let sinceBoot: Int
    /// `/proc/sys/kernel/random/boot_id`
    package let boot: String

    package init(wall: Int, sinceBoot: Int, boot: String) {
        self.wall = wall
        self.sinceBoot = sinceBoot
        self.boot = boot
    }

    /// Time from this moment to a later one, never negative.
    ///
    /// A moment of another boot counts as made when the present one began: the least that can have passed.
    package func elapsed(until now: Moment) -> Duration {
        guard boot == now.boot else { return .milliseconds(now.sinceBoot) }
        return .milliseconds(max(0, now.sinceBoot - max(0, sinceBoot)))
    }

    /// Whether this was stamped later than `now`, which only a damaged or copied state file can do.
    package func isFuture(at now: Moment) -> Bool {
        boot == now.boot && sinceBoot > now.sinceBoot
    }
}
