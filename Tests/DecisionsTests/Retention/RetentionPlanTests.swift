import Decisions
import Testing

@Suite("Retention keeps what its rules name, and the last good ones whatever they say")
struct RetentionPlanTests {
    /// 2026-03-15 12:00:00 UTC, a Sunday.
    private static let noon = 1_773_576_000

    private static func backups(every seconds: Int, count: Int, verified: (Int) -> Bool = { _ in true }) -> [BackupAge]
    {
        (0..<count).map { BackupAge(name: "b\($0)", time: noon - $0 * seconds, isVerified: verified($0)) }
    }

    private func kept(_ backups: [BackupAge], _ policy: RetentionPolicy, now: Int = noon) -> [String] {
        RetentionPlan(for: backups, policy: policy, now: now).entries.filter(\.isKept).map(\.backup.name)
    }

    struct Rule: CustomTestStringConvertible {
        let testDescription: String
        let policy: RetentionPolicy
        let every: Int
        let count: Int
        let kept: [String]
    }

    @Test(
        "a rule a row",
        arguments: [
            Rule(
                testDescription: "the newest three",
                policy: .init(last: 3, hourly: 0, daily: 0, weekly: 0, monthly: 0, minimum: 1), every: 3600, count: 6,
                kept: ["b0", "b1", "b2"]),
            Rule(
                testDescription: "the newest of each hour",
                policy: .init(last: 0, hourly: 2, daily: 0, weekly: 0, monthly: 0, minimum: 1), every: 1200, count: 9,
                kept: ["b0", "b1"]),
            Rule(
                testDescription: "the newest of each day, four a day",
                policy: .init(last: 0, hourly: 0, daily: 3, weekly: 0, monthly: 0, minimum: 1), every: 6 * 3600,
                count: 16, kept: ["b0", "b3", "b7"]),
            Rule(
                testDescription: "weeks begin on Monday: a Sunday's is of the week before",
                policy: .init(last: 0, hourly: 0, daily: 0, weekly: 3, monthly: 0, minimum: 1), every: 86400, count: 20,
                kept: ["b0", "b7", "b14"]),
            Rule(
                testDescription: "the newest of each month",
                policy: .init(last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 3, minimum: 1), every: 86400, count: 80,
                kept: ["b0", "b15", "b43"]),
            Rule(
                testDescription: "periods without a backup do not count",
                policy: .init(last: 0, hourly: 0, daily: 3, weekly: 0, monthly: 0, minimum: 1), every: 10 * 86400,
                count: 5, kept: ["b0", "b1", "b2"]),
            Rule(
                testDescription: "no rule at all: the minimum",
                policy: .init(last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, minimum: 2), every: 86400, count: 5,
                kept: ["b0", "b1"]),
        ])
    func rules(_ rule: Rule) {
        #expect(kept(Self.backups(every: rule.every, count: rule.count), rule.policy) == rule.kept)
    }

    @Test("backups that are not verified neither count nor go")
    func unverified() {
        let backups = Self.backups(every: 86400, count: 6) { $0 >= 3 }
        let policy = RetentionPolicy(last: 2, hourly: 0, daily: 0, weekly: 0, monthly: 0, minimum: 1)
        let plan = RetentionPlan(for: backups, policy: policy, now: Self.noon)
        #expect(plan.removed == ["b5"])
        #expect(plan.entries[0].reasons == [.notVerified])
        #expect(plan.entries[3].reasons == [.last(number: 1, of: 2)])
    }

    @Test("a backup of the future stays and counts for nothing, and the others are judged without it")
    func future() {
        let policy = RetentionPolicy(last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, minimum: 1)
        let backups = Self.backups(every: 86400, count: 4)
        let plan = RetentionPlan(for: backups, policy: policy, now: Self.noon - 1)
        #expect(plan.removed == ["b3", "b2"])
        #expect(plan.entries[0].reasons == [.inFuture])
        #expect(plan.entries[1].reasons.first == .last(number: 1, of: 1))
    }

    @Test("what is not proven to be ours stays and counts for nothing")
    func unproven() {
        let policy = RetentionPolicy(last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, minimum: 1)
        let all = Self.backups(every: 86400, count: 6)
        let plan = RetentionPlan(
            for: Array(all[3...]), unproven: Array(all[..<3]), policy: policy, now: Self.noon)
        #expect(plan.removed == ["b5", "b4"])
        #expect(plan.entries.prefix(3).allSatisfy { $0.reasons == [.unproven] })
    }

    @Test("what goes, goes oldest first, and each that stays says until when")
    func orderAndUntil() {
        let policy = RetentionPolicy(last: 1, hourly: 0, daily: 2, weekly: 0, monthly: 0, minimum: 1)
        let plan = RetentionPlan(for: Self.backups(every: 86400, count: 5), policy: policy, now: Self.noon)
        #expect(plan.removed == ["b4", "b3", "b2"])
        #expect(plan.entries[1].until == CalendarPeriod.day.start(of: CalendarPeriod.day.number(of: Self.noon) + 1))
        #expect(plan.entries[2].until == nil)
    }

    @Test(
        "numbers of periods, checked against the calendar",
        arguments: [
            (CalendarPeriod.month, 0, 0), (.month, 951_782_400, 361), (.month, 951_868_800, 362),
            (.month, -1, -1), (.week, 0, 0), (.week, 4 * 86400, 1), (.week, -3 * 86400, 0), (.week, -3 * 86400 - 1, -1),
            (.day, -1, -1), (.hour, 3600, 1),
        ])
    func periods(_ period: CalendarPeriod, _ time: Int, _ number: Int) {
        #expect(period.number(of: time) == number)  // 951_782_400 is 2000-02-29, the next one 2000-03-01
    }

    @Test("a period begins at its start, and not a second before, over 130 years", arguments: CalendarPeriod.allCases)
    func starts(_ period: CalendarPeriod) {
        for time in stride(from: -500_000_000, to: 3_600_000_000, by: 7_654_321) {
            let number = period.number(of: time)
            let start = period.start(of: number)
            #expect(start <= time && period.start(of: number + 1) > time)
            #expect(period.number(of: start) == number && period.number(of: start - 1) == number - 1)
        }
    }
}
