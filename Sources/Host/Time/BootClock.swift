import Glibc

/// The clock that no one can set: it starts with the machine and goes on while it sleeps.
package enum BootClock {
    /// Seconds since the boot. Wraps clock_gettime(2) with `CLOCK_BOOTTIME`, which Linux always has.
    package static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
