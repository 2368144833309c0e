import Glibc
import Host

/// Processor time, to be used up.
enum ProcessorTime {
    /// Keeps a thread of its own busy until that much of its own processor time is gone, however long that takes.
    static func burn(_ duration: Duration) async throws(DetachedThread.ThreadsExhausted) {
        try await DetachedThread.value {
            var number = 1.0
            while used < duration {
                for _ in 0..<10_000 { number = number.squareRoot() + 1 }
            }
            precondition(number > 1)  // the loop is not for nothing
        }
    }

    /// This thread's. Wraps clock_gettime(2) with `CLOCK_THREAD_CPUTIME_ID`.
    private static var used: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
