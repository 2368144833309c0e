/// A piece of the calendar that a backup stands for, in UTC.
package enum CalendarPeriod: String, CaseIterable, Sendable, Codable {
    case hour
    case day
    /// From Monday on, as in ISO 8601.
    case week
    case month

    /// The number of the period that holds this time, counted from that of 1970-01-01; periods that follow each other
    /// differ by one.
    /// - Parameter time: Unix time in seconds.
    package func number(of time: Int) -> Int {
        let days = time.floored(by: 86_400)
        return switch self {
        case .hour: time.floored(by: 3_600)
        case .day: days
        case .week: (days + 3).floored(by: 7)  // 1970-01-01 was a Thursday
        case .month: CivilMonth(daysSinceEpoch: days).sinceEpoch
        }
    }

    /// Unix time at which a period begins.
    package func start(of number: Int) -> Int {
        switch self {
        case .hour: number * 3_600
        case .day: number * 86_400
        case .week: (number * 7 - 3) * 86_400
        case .month: CivilMonth(sinceEpoch: number).firstDay * 86_400
        }
    }
}

/// A month of the Gregorian calendar. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
/// (`civil_from_days`, `days_from_civil`): years begin in March, so that the leap day is the last of its year.
private struct CivilMonth {
    private let year: Int
    /// 1 to 12.
    private let month: Int

    private static let daysOfEra = 146_097  // 400 years
    private static let epoch = 719_468  // days from 0000-03-01 to 1970-01-01

    init(daysSinceEpoch: Int) {
        let days = daysSinceEpoch + Self.epoch
        let era = days.floored(by: Self.daysOfEra)
        let dayOfEra = days - era * Self.daysOfEra
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    init(sinceEpoch number: Int) {
        let years = number.floored(by: 12)
        year = 1970 + years
        month = number - years * 12 + 1
    }

    var sinceEpoch: Int { (year - 1970) * 12 + month - 1 }

    var firstDay: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.floored(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * Self.daysOfEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - Self.epoch
    }
}

extension Int {
    /// Division that rounds down, for times before 1970, too.
    fileprivate func floored(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
