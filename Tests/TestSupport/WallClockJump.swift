import Foundation
import SystemPackage

/// What a program takes the wall clock for. `CLOCK_MONOTONIC` and `CLOCK_BOOTTIME` stay the kernel's, as they do when
/// somebody sets the clock; faketime(1) would move the timers of timerfd_settime(2) on those, too.
package enum WallClockJump: Sendable {
    /// Ahead of the real one, or behind it where negative.
    case seconds(Int)
    /// Standing still at this Unix time.
    case frozen(Int)

    fileprivate var variable: (String, String) {
        switch self {
        case .seconds(let seconds): ("CLOCK_OFFSET", "\(seconds)")
        case .frozen(let time): ("CLOCK_FROZEN", "\(time)")
        }
    }

    /// Loaded before libc; the three ways to read the wall clock.
    fileprivate static let source = """
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        int clock_gettime(clockid_t clock, struct timespec *now) {
            int result = syscall(SYS_clock_gettime, clock, now);
            if (result != 0 || clock != CLOCK_REALTIME) return result;
            const char *frozen = getenv("CLOCK_FROZEN"), *offset = getenv("CLOCK_OFFSET");
            if (frozen) { now->tv_sec = atol(frozen); now->tv_nsec = 0; }
            else if (offset) now->tv_sec += atol(offset);
            return 0;
        }
        int gettimeofday(struct timeval *now, void *zone) {
            struct timespec time;
            clock_gettime(CLOCK_REALTIME, &time);
            now->tv_sec = time.tv_sec;
            now->tv_usec = time.tv_nsec / 1000;
            return 0;
        }
        time_t time(time_t *now) {
            struct timespec time;
            clock_gettime(CLOCK_REALTIME, &time);
            if (now) *now = time.tv_sec;
            return time.tv_sec;
        }

        """
}

extension PrivateService {
    /// One run, in UTC, that sees the clock jump.
    package func monitor(
        at jump: WallClockJump, isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        let library = folder.removingLastComponent().appending("wall-clock.so")
        if !FileManager.default.fileExists(atPath: library.string) {
            let source = library.string.replacing(".so", with: ".c")
            try WallClockJump.source.write(toFile: source, atomically: true, encoding: .utf8)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let compiler = try RunningProcess(
                "/usr/bin/env", arguments: ["clang", "-shared", "-fPIC", "-o", library.string, source],
                environment: ["PATH": path])  // Swift's own
            defer { compiler.end() }
            let output = try await compiler.output()
            guard output.status == 0 else { throw PrivateServerFailure("clang: \(output.stderr)") }
        }
        return try await run(
            ["monitor"],
            environment: ["TZ": "UTC", "LD_PRELOAD": library.string, jump.variable.0: jump.variable.1])
    }
}
