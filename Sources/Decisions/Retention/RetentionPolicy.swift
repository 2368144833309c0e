/// How many backups are kept, and of which ages. The rules add up: what one of them keeps is kept.
package struct RetentionPolicy: Equatable, Sendable {
    /// The newest ones, whatever their age.
    package let last: Int
    /// The newest one of each of so many hours, days, weeks and months; periods without a backup do not count.
    package let periods: [CalendarPeriod: Int]
    /// Verified ones that stay whatever the rules say, the newest first; at least 1.
    package let minimum: Int

    package init(last: Int, hourly: Int, daily: Int, weekly: Int, monthly: Int, minimum: Int) {
        self.last = last
        periods = [.hour: hourly, .day: daily, .week: weekly, .month: monthly]
        self.minimum = max(1, minimum)
    }
}

/// What retention has to know of a backup.
package struct BackupAge: Equatable, Sendable {
    package let name: String
    /// Unix time, in seconds, at which it was begun.
    package let time: Int
    /// Read in full, at least once, without a fault.
    package let isVerified: Bool

    package init(name: String, time: Int, isVerified: Bool) {
        self.name = name
        self.time = time
        self.isVerified = isVerified
    }
}
