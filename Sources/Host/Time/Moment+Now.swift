package import Decisions
import Glibc
import SystemPackage

extension Moment {
    /// The present, of clock_gettime(2): `CLOCK_REALTIME` for people, the boot clock for what has elapsed.
    package static func now() -> Moment {
        let boot = (try? KernelFile.read("/proc/sys/kernel/random/boot_id")) ?? ""
        return now(inBoot: String(boot.prefix { !$0.isNewline }))
    }

    /// The same later on, in the boot of a moment that this very process took: no file is read.
    package static func now(inBootOf earlier: Moment) -> Moment { now(inBoot: earlier.boot) }

    private static func now(inBoot boot: String) -> Moment {
        var wall = timespec()
        clock_gettime(CLOCK_REALTIME, &wall)
        return Moment(wall: wall.tv_sec, sinceBoot: Int(BootClock.seconds * 1000), boot: boot)
    }
}

/// Unix time as people read it.
package enum WallClock {
    /// `2024-01-15 14:30:45` in local time; localtime_r(3).
    package static func local(_ unixTime: Int) -> String {
        var seconds = time_t(unixTime)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return "\(date(parts)) \(clock(parts))"
    }

    /// `2024-01-15T14:30:45Z`; gmtime_r(3).
    package static func utc(_ unixTime: Int) -> String {
        let parts = utcParts(unixTime)
        return "\(date(parts))T\(clock(parts))Z"
    }

    /// `Mon, 15 Jan 2024 14:30:45 +0000` (RFC 5322, 3.3); gmtime_r(3).
    package static func mail(_ unixTime: Int) -> String {
        let parts = utcParts(unixTime)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(days[Int(parts.tm_wday)]), \(parts.tm_mday) \(months[Int(parts.tm_mon)]) "
            + "\(padded(Int(parts.tm_year) + 1900, 4)) \(clock(parts)) +0000"
    }

    private static func utcParts(_ unixTime: Int) -> tm {
        var seconds = time_t(unixTime)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return parts
    }

    private static func date(_ parts: tm) -> String {
        "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
    }

    private static func clock(_ parts: tm) -> String {
        "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2)):\(padded(Int(parts.tm_sec), 2))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
