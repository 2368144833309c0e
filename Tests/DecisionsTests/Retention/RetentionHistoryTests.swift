import Decisions
import SeededRandom
import Testing

@Suite("Retention over long histories")
struct RetentionHistoryTests {
    /// One history: a backup now and then, some of them bad, a clock that jumps at times, a disk that loses one at times.
    private struct History {
        var random: SplitMix64
        let policy: RetentionPolicy
        var backups: [BackupAge] = []
        var now = 1_700_000_000
        var made = 0

        init(seed: UInt64) {
            random = SplitMix64(seed: seed)
            policy = RetentionPolicy(
                last: random.below(4), hourly: random.below(4), daily: random.below(8), weekly: random.below(5),
                monthly: random.below(7), minimum: 1 + random.below(3))
        }

        mutating func advance() {
            now += 1 + random.below(random.chance(90) ? 50_000 : 4_000_000)
            if random.chance(3) { now -= random.below(400_000) }
            if random.chance(2), !backups.isEmpty { backups.remove(at: random.below(backups.count)) }
            made += 1
            backups.append(BackupAge(name: "b\(made)", time: now, isVerified: random.chance(80)))
        }
    }

    @Test("1,000 histories: the last good ones are always there, and only verified ones ever go", arguments: 0..<1000)
    func lastGoodOnesStay(seed: Int) {
        var history = History(seed: UInt64(seed))
        for _ in 0..<40 {
            history.advance()
            let plan = RetentionPlan(for: history.backups, policy: history.policy, now: history.now)
            let removed = Set(plan.removed)
            let verified = history.backups.filter(\.isVerified).sorted { ($0.time, $0.name) > ($1.time, $1.name) }
            let leastKept = max(history.policy.minimum, history.policy.last)
            #expect(verified.prefix(leastKept).allSatisfy { !removed.contains($0.name) })
            #expect(history.backups.allSatisfy { $0.isVerified || !removed.contains($0.name) })
            #expect(plan.entries.count == history.backups.count)
            let past = verified.filter { $0.time <= history.now }
            #expect(past.prefix(leastKept).allSatisfy { !removed.contains($0.name) }, "the future counts for nothing")
            #expect(history.backups.allSatisfy { $0.time <= history.now || !removed.contains($0.name) })
            history.backups.removeAll { removed.contains($0.name) }
            let again = RetentionPlan(for: history.backups, policy: history.policy, now: history.now)
            #expect(again.removed.isEmpty, "what stays once stays until something new comes")
        }
    }
}
