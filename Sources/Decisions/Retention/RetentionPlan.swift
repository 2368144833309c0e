/// What is kept and what is removed, with a reason for each.
package struct RetentionPlan: Equatable, Sendable {
    package enum KeepReason: Equatable, Sendable {
        /// Among the newest: the first is number 1.
        case last(number: Int, of: Int)
        /// The newest of its hour, day, week or month.
        case period(CalendarPeriod, number: Int, of: Int)
        /// One of the verified ones that always stay.
        case minimum(Int)
        /// Not known to be good: it counts for nothing, and it is not ours to say that it is worth nothing.
        case notVerified
        /// It was begun later than now: a clock was wrong when it was made, or is wrong now. It counts for nothing.
        case inFuture
        /// Nothing proves that it is this service's.
        case unproven
    }

    package struct Entry: Equatable, Sendable {
        package let backup: BackupAge
        /// Empty: it is removed.
        package fileprivate(set) var reasons: [KeepReason]
        /// Unix time at which the last of its periods is over, where one of them keeps it and a backup is made in each
        /// period; `nil` where only newer backups can end it.
        package fileprivate(set) var until: Int?

        package var isKept: Bool { !reasons.isEmpty }
    }

    /// Newest first.
    package private(set) var entries: [Entry]

    /// The names of what is removed, oldest first: a run that is killed half way leaves the newer ones.
    package var removed: [String] { entries.filter { !$0.isKept }.reversed().map(\.backup.name) }

    /// Only verified backups count for a rule, and the newest `minimum` of them stay whatever the rules say.
    /// - Parameters:
    ///   - unproven: count for no rule and stay.
    ///   - now: Unix time; a backup that was begun later stays and counts for no rule, and the others are judged without it.
    package init(for backups: [BackupAge], unproven: [BackupAge] = [], policy: RetentionPolicy, now: Int) {
        let own = backups.map { Entry(backup: $0, reasons: []) }
        entries = (own + unproven.map { Entry(backup: $0, reasons: [.unproven]) })
            .sorted { ($0.backup.time, $0.backup.name) > ($1.backup.time, $1.backup.name) }
        for index in entries.indices where entries[index].reasons.isEmpty {
            if !entries[index].backup.isVerified { entries[index].reasons.append(.notVerified) }
            if entries[index].backup.time > now { entries[index].reasons.append(.inFuture) }
        }
        let verified = entries.indices.filter { entries[$0].reasons.isEmpty }
        for (number, index) in verified.prefix(policy.last).enumerated() {
            entries[index].reasons.append(.last(number: number + 1, of: policy.last))
        }
        for period in CalendarPeriod.allCases { keep(verified, of: period, count: policy.periods[period] ?? 0) }
        for index in verified.prefix(policy.minimum) where entries[index].reasons.isEmpty {
            entries[index].reasons.append(.minimum(policy.minimum))
        }
    }

    /// Keeps the newest of each of the newest `count` periods that have one.
    private mutating func keep(_ verified: [Int], of period: CalendarPeriod, count: Int) {
        var kept = 0
        var previous: Int?
        for index in verified where kept < count {
            let number = period.number(of: entries[index].backup.time)
            if number == previous { continue }
            previous = number
            kept += 1
            entries[index].reasons.append(.period(period, number: kept, of: count))
            entries[index].until = max(entries[index].until ?? .min, period.start(of: number + count))
        }
    }
}

extension RetentionPlan.KeepReason: Catalogue {
    /// The spelling for machines.
    package var code: String {
        switch self {
        case .last: "last"
        case .period(let period, _, _): period.rawValue
        case .minimum: "minimum"
        case .notVerified: "not_verified"
        case .inFuture: "in_future"
        case .unproven: "unproven"
        }
    }
}
