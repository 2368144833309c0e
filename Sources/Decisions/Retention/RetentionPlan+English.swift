extension RetentionPlan.KeepReason {
    package var english: String {
        switch self {
        case .last(let number, let all): "newest \(number) of \(all)"
        case .period(let period, let number, let all): "\(period.english) \(number)/\(all)"
        case .minimum(let count):
            count == 1 ? "the newest verified one stays" : "the newest \(count) verified ones stay"
        case .notVerified: "not verified"
        case .inFuture: "its time is in the future: no rule counts it"
        case .unproven: "not proven to be this service's: never removed"
        }
    }
}

extension CalendarPeriod {
    fileprivate var english: String {
        switch self {
        case .hour: "hourly"
        case .day: "daily"
        case .week: "weekly"
        case .month: "monthly"
        }
    }
}
