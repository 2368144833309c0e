import Testing

@testable import Decisions

/// The twelve rules, one table each; a row is a case.
struct ScalingPolicyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let readings: [Metric: Reading]
        let verdict: ScalingDecision.Verdict
        let reason: String
        var testDescription: String { name }

        init(
            _ name: String, _ cpu: Reading, _ memory: Reading, _ connections: Reading,
            _ verdict: ScalingDecision.Verdict, _ reason: String
        ) {
            self.name = name
            readings = [.cpu: cpu, .memory: memory, .connections: connections]
            self.verdict = verdict
            self.reason = reason
        }
    }

    static let gone = Reading.missing(.unavailable("connection refused"))

    static let table = [
        Row("all between the limits", .value(45), .value(52), .value(78), .hold, "within_limits"),
        Row("at the upper limits is not above them", .value(80), .value(85), .value(100), .hold, "within_limits"),
        Row("at the lower limits is not below them", .value(20), .value(30), .value(20), .hold, "within_limits"),
        Row(
            "minute 5 of the documents is below both limits", .value(78), .value(82), .value(50), .hold, "within_limits"
        ),
        Row("CPU alone asks for one more", .value(81), .value(10), .value(0), .up, "above_maximum"),
        Row("memory alone asks for one more", .value(0), .value(86), .value(0), .up, "above_maximum"),
        Row("connections alone ask for one more", .value(0), .value(0), .value(101), .up, "above_maximum"),
        Row("all low asks for one less", .value(19), .value(29), .value(19), .down, "below_minimum"),
        Row("two low and one between hold", .value(19), .value(30), .value(19), .hold, "within_limits"),
        Row("a missing reading forbids a step down", .value(1), .value(1), gone, .hold, "reading_missing"),
        Row("a missing reading does not forbid a step up", .value(90), gone, gone, .up, "above_maximum"),
        Row("a missing reading beside one between", .value(50), .value(1), gone, .hold, "within_limits"),
        Row("all missing hold", gone, gone, gone, .hold, "all_readings_missing"),
        Row(
            "a full database forbids a step up", .value(99), .value(99), .saturated("full"), .hold, "database_saturated"
        ),
        Row(
            "a full database forbids a step down", .value(1), .value(1), .saturated("full"), .hold, "database_saturated"
        ),
    ]

    @Test("The rules on readings", arguments: table)
    func judges(_ row: Row) {
        let decision = Self.policy().decide(Self.sample(row.readings), fleet: Self.fleet(3), after: .init())
        #expect(decision.verdict == row.verdict)
        #expect(decision.reason.code == row.reason)
        #expect(decision.limits.isEmpty)
    }

    @Test func `a metric that is not named takes no part`() {
        let policy = Self.policy(metrics: [.cpu])
        let readings: [Metric: Reading] = [.cpu: .value(10)]
        #expect(policy.decide(Self.sample(readings), fleet: Self.fleet(3), after: .init()).verdict == .down)
    }

    @Test func `connections can be judged per backend, rounded down`() {
        let policy = Self.policy(scope: .perBackend)
        func verdict(_ connections: Int, backends: Int) -> ScalingDecision.Verdict {
            policy.decide(
                Self.sample([.cpu: .value(50), .memory: .value(50), .connections: .value(Quantity(connections))]),
                fleet: Self.fleet(backends), after: .init()
            ).verdict
        }
        #expect(verdict(303, backends: 3) == .up)
        #expect(verdict(302, backends: 3) == .hold)
        #expect(verdict(101, backends: 0) == .up)
    }

    // MARK: Limits

    @Test func `never above the maximum and never below the minimum`() {
        #expect(Self.limits(.up, Self.fleet(10)) == [.atMaximum(10)])
        #expect(Self.limits(.down, Self.fleet(1)) == [.atMinimum(1)])
        #expect(Self.limits(.up, Self.fleet(9)) == [])
        #expect(Self.limits(.down, Self.fleet(2)) == [])
    }

    @Test func `more backends than the maximum ask for a step down, whatever is measured`() {
        let busy: [Metric: Reading] = [.cpu: .value(99), .memory: .value(99), .connections: .value(999)]
        let decision = Self.policy().decide(Self.sample(busy), fleet: Self.fleet(11), after: .init())
        #expect(decision.verdict == .down)
        #expect(decision.reason == .overMaximum(count: 11, maximum: 10))
    }

    @Test func `a step down leaves the minimum ready, not only running`() {
        var fleet = Self.fleet(3)
        fleet.readyWithoutVictim = 0
        #expect(Self.limits(.down, fleet) == [.tooFewReady(1)])
    }

    @Test func `adopted backends are never stopped`() {
        var fleet = Self.fleet(3)
        fleet.hasVictim = false
        #expect(Self.limits(.down, fleet) == [.noneOfOurs])
    }

    struct Cooldown: Sendable {
        let last: Direction
        let next: Direction
        let milliseconds: Int
        let isHeld: Bool
    }

    @Test(
        "Cooldowns count from the last step in either direction; a tick may come 5 s early",
        arguments: [
            Cooldown(last: .up, next: .up, milliseconds: 54_999, isHeld: true),
            Cooldown(last: .up, next: .up, milliseconds: 55_000, isHeld: false),
            Cooldown(last: .up, next: .down, milliseconds: 274_999, isHeld: true),
            Cooldown(last: .up, next: .down, milliseconds: 295_000, isHeld: false),
            Cooldown(last: .down, next: .up, milliseconds: 30_000, isHeld: true),
            Cooldown(last: .down, next: .up, milliseconds: 60_000, isHeld: false),
        ])
    func cooldowns(_ row: Cooldown) {
        let policy = Self.policy(upCooldown: .seconds(60), downCooldown: .seconds(300))
        var history = ScalingHistory()
        history.lastStep = .init(direction: row.last, time: Self.moment(after: 0))
        let decision = policy.decide(
            Self.sample(Self.readings(row.next), at: Self.moment(after: row.milliseconds)), fleet: Self.fleet(5),
            after: history)
        #expect((decision.verdict == .hold) == row.isHeld)
        #expect(decision.limits.map(\.code) == (row.isHeld ? ["cooldown"] : []))
    }

    @Test func `after a reboot a cooldown counts from the boot`() {
        var history = ScalingHistory()
        history.lastStep = .init(direction: .up, time: Moment(wall: 0, sinceBoot: 9_000_000, boot: "before"))
        func verdict(_ sinceBoot: Int) -> ScalingDecision.Verdict {
            let now = Moment(wall: 0, sinceBoot: sinceBoot, boot: "after")
            return Self.policy().decide(
                Self.sample(Self.readings(.up), at: now), fleet: Self.fleet(2), after: history
            ).verdict
        }
        #expect(verdict(20_000) == .hold)
        #expect(verdict(60_000) == .up)
    }

    @Test func `a stamp in the future counts as now, so it can't hold for ever`() {
        var history = ScalingHistory()
        history.lastStep = .init(direction: .up, time: Self.moment(after: 10_000_000))
        let now = Self.moment(after: 0)
        let corrected = history.correctingFutureStamps(at: now)
        #expect(corrected.lastStep?.time == now)
        #expect(corrected.correctingFutureStamps(at: now) == corrected)
    }

    @Test func `consecutive runs must agree where samples are asked for`() {
        let policy = Self.policy(upSamples: 3)
        var history = ScalingHistory()
        var verdicts: [ScalingDecision.Verdict] = []
        for direction in [Direction.up, .up, .down, .up, .up, .up] {
            let decision = policy.decide(Self.sample(Self.readings(direction)), fleet: Self.fleet(1), after: history)
            history.streak = decision.streak
            verdicts.append(decision.verdict)
        }
        #expect(verdicts == [.hold, .hold, .hold, .hold, .hold, .up])
    }

    @Test func `failed starts back off, doubling up to half an hour`() {
        var history = ScalingHistory()
        var minutes: [Int64] = []
        for _ in 1...7 {
            history.recordFailedStart(at: Self.moment(after: 0))
            minutes.append((history.backOff?.delay.components.seconds ?? 0) / 60)
        }
        #expect(minutes == [1, 2, 4, 8, 16, 30, 30])
        let early = Self.policy().decide(
            Self.sample(Self.readings(.up), at: Self.moment(after: 1_799_000)), fleet: Self.fleet(2), after: history)
        #expect(early.limits == [.backOff(failures: 7, remaining: .seconds(1))])
        let down = Self.policy().decide(
            Self.sample(Self.readings(.down), at: Self.moment(after: 1_000)), fleet: Self.fleet(2), after: history)
        #expect(down.verdict == .down)
    }

    @Test func `a draining backend holds a step down; a ready one can be taken back by a step up`() {
        var fleet = Self.fleet(2)
        fleet.draining = .init(name: "a", isReady: true)
        #expect(Self.limits(.down, fleet) == [.draining("a")])
        #expect(Self.limits(.up, fleet) == [])
        fleet.draining = .init(name: "a", isReady: false)
        #expect(Self.limits(.up, fleet) == [.draining("a")])
        fleet.draining = .init(name: "a", isReady: true, isEnding: true)
        #expect(Self.limits(.down, fleet) == [])
    }

    @Test func `every limit that applies is kept, in order`() {
        var fleet = Self.fleet(10)
        fleet.repairs = true
        fleet.publishes = true
        fleet.stateLost = true
        var history = ScalingHistory()
        history.lastStep = .init(direction: .up, time: Self.moment(after: 0))
        let decision = Self.policy(upSamples: 2).decide(
            Self.sample(Self.readings(.up), at: Self.moment(after: 1_000)), fleet: fleet, after: history)
        #expect(
            decision.limits.map(\.code) == [
                "samples", "state_lost", "repaired", "publishing", "cooldown", "max_backends",
            ])
        #expect(decision.reason.code == "above_maximum")
        #expect(decision.verdict == .hold)
    }

    @Test("Every reason and limit has a sentence in both languages", arguments: Language.allCases)
    func sentences(_ language: Language) {
        let limits: [Limit] = [
            .samples(have: 1, need: 2), .stateLost, .repaired, .publishing, .notReady, .draining("a"),
            .cooldown(.up, remaining: .seconds(34)), .backOff(failures: 2, remaining: .seconds(60)), .atMaximum(10),
            .atMinimum(1), .tooFewReady(1), .noneOfOurs,
        ]
        #expect(Set(limits.map { $0.sentence(in: language) }).count == limits.count)
        #expect(Set(limits.map(\.code)).count == limits.count)
        let above = Reason.above([
            .init(metric: .cpu, value: 82, limit: 80), .init(metric: .connections, value: 51, limit: 50, dividedBy: 3),
        ])
        #expect(
            above.sentence(in: language)
                == language.choose(
                    "CPU 82% > 80% and Connections 51 per backend (of 3) > 50",
                    "CPU 82% > 80% y Conexiones 51 por backend (de 3) > 50"))
    }
}

extension ScalingPolicyTests {
    static func policy(
        metrics: [Metric] = Metric.allCases, scope: ScalingPolicy.ConnectionsScope = .total,
        upCooldown: Duration = .seconds(60), downCooldown: Duration = .seconds(60), upSamples: Int = 1
    ) -> ScalingPolicy {
        let bands: [Metric: ScalingPolicy.Band] = [
            .cpu: .init(minimum: 20, maximum: 80), .memory: .init(minimum: 30, maximum: 85),
            .connections: .init(minimum: 20, maximum: 100),
        ]
        return ScalingPolicy(
            bands: bands.filter { metrics.contains($0.key) }, connectionsScope: scope, backends: 1...10,
            upCooldown: upCooldown, downCooldown: downCooldown, upSamples: upSamples)
    }

    static func moment(after milliseconds: Int) -> Moment {
        Moment(wall: 1_700_000_000 + milliseconds / 1000, sinceBoot: 500_000 + milliseconds, boot: "b")
    }

    static func sample(_ readings: [Metric: Reading], at time: Moment = moment(after: 0)) -> Sample {
        Sample(time: time, readings: readings)
    }

    static func readings(_ direction: Direction) -> [Metric: Reading] {
        let value: Quantity = direction == .up ? 1000 : 0
        return [.cpu: .value(min(100, value)), .memory: .value(min(100, value)), .connections: .value(value)]
    }

    static func fleet(_ count: Int) -> FleetSituation {
        FleetSituation(counted: count, readyWithoutVictim: max(0, count - 1))
    }

    static func limits(_ direction: Direction, _ fleet: FleetSituation) -> [Limit] {
        policy().decide(sample(readings(direction)), fleet: fleet, after: .init()).limits
    }
}
