import Decisions
import Glibc

/// A time in UTC as it stands in names of files: `20240115_143005`.
package struct CompactTime: Hashable, Sendable, CustomStringConvertible {
    /// Unix time in seconds.
    package let seconds: Int

    package init(_ seconds: Int) { self.seconds = seconds }

    /// Reads exactly that form; a date that the calendar does not have is none.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = CompactTime(date: parts[0], clock: parts[1]) else { return nil }
        self = time
    }

    /// Reads `20240115` and `143005`. Wraps timegm(3), which takes the 32nd for the 1st: what it makes of such a date is
    /// written differently, and refused.
    package init?(date: some StringProtocol, clock: some StringProtocol) {
        guard date.utf8.count == 8, clock.utf8.count == 6, date.isDigits, clock.isDigits, let day = Int(date),
            let time = Int(clock)
        else { return nil }
        var parts = tm()
        parts.tm_year = Int32(day / 10_000 - 1900)
        parts.tm_mon = Int32(day / 100 % 100 - 1)
        parts.tm_mday = Int32(day % 100)
        parts.tm_hour = Int32(time / 10_000)
        parts.tm_min = Int32(time / 100 % 100)
        parts.tm_sec = Int32(time % 100)
        self.init(timegm(&parts))
        guard description == "\(date)_\(clock)" else { return nil }
    }

    package var description: String {
        let digits = String(WallClock.utc(seconds).filter { ("0"..."9").contains($0) })
        return "\(digits.prefix(8))_\(digits.dropFirst(8))"
    }
}

extension StringProtocol {
    fileprivate var isDigits: Bool { utf8.allSatisfy(\.isASCIIDigit) }
}
