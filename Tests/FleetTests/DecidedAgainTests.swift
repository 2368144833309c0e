import Decisions
import FoundationEssentials
import SeededRandom
import Testing

@testable import Fleet
@testable import Host
@testable import Reporting

/// A line of history is decided again, from nothing but its bytes: the same verdict, reason and limits, value by value.
struct DecidedAgainTests {
    @Test("What was decided from is read back from the line as it was, and gives the same decision")
    func generated() throws {
        var random = SplitMix64(seed: 2024)
        var verdicts: [ScalingDecision.Verdict: Int] = [:]
        var codes = Set<String>()
        for _ in 0..<2_500 {
            let inputs = Self.inputs(&random)
            let decision = inputs.decide()
            verdicts[decision.verdict, default: 0] += 1
            codes.formUnion([decision.reason.code] + decision.limits.map(\.code))
            let language = random.pick(Language.allCases)
            let record = try Self.readBack(Self.record(inputs, decision, in: language))
            let again = try #require(record.decidedAgain)
            #expect(again == decision)
            #expect(record.decisionInputs?.sample == inputs.sample)
            #expect(record.decisionInputs?.fleet == inputs.fleet)
            #expect(record.decisionInputs?.policy == inputs.policy)
            for reader in Language.allCases {
                #expect(record.decision(in: reader) == RunRecord.RecordedDecision(decision, in: reader))
            }
        }
        // Without these the property would say little: every verdict, every rule and every limit must have come up.
        #expect(verdicts.count == 3 && verdicts.values.allSatisfy { $0 > 50 }, "\(verdicts)")
        #expect(
            codes == [
                "above_maximum", "all_readings_missing", "back_off", "backup_under_way", "below_minimum", "cooldown",
                "database_saturated", "draining", "max_backends", "min_backends", "none_of_ours", "none_ready",
                "over_max_backends", "publishing", "publishing_failed", "reading_missing", "repaired", "samples",
                "state_lost", "too_few_ready", "within_limits",
            ])
    }

    @Test("A line of an older version, or one that tells of another decision, is shown with its own words")
    func ownWords() throws {
        var random = SplitMix64(seed: 7)
        let inputs = Self.inputs(&random)
        var record = Self.record(inputs, inputs.decide(), in: .english)
        record.inputs = nil
        #expect(record.decision(in: .spanish) == record.decision)
        #expect(record.decidedAgain == nil)

        record = Self.record(inputs, inputs.decide(), in: .english)
        let other = ScalingDecision(verdict: .up, reason: .above([]), limits: [.atMaximum(77)], streak: Streak())
        record.decision = .init(other, in: .english)
        #expect(record.decision(in: .spanish) == record.decision, "it is not what its inputs give")
    }

    @Test("An old line is read: its readings are the system's words, and it can't be decided again")
    func oldLine() throws {
        let line =
            #"{"activeBackends":1,"backends":[],"decision":{"limits":[],"reason":{"code":"reading_missing","text":"no step down without a reading of Connections"},"verdict":"hold"},"durationMilliseconds":5,"events":[],"exitStatus":0,"readings":{"connections":{"missing":"no answer within 3.0 s"},"cpu":{"value":12}},"service":"app","time":"2024-01-15T14:30:05Z","version":1}"#
        let record = try #require(HistoryFolder.last(in: Array(line.utf8)))
        #expect(record.decidedAgain == nil)
        #expect(record.reading(.cpu)?.reading == .value(12))
        #expect(record.reading(.connections)?.missing(in: .spanish) == "no answer within 3.0 s")
        #expect(record.decision(in: .spanish) == record.decision)
    }

    // MARK: What a run may find

    private static func record(_ inputs: DecisionInputs, _ decision: ScalingDecision, in language: Language)
        -> RunRecord
    {
        var record = RunRecord(service: "app", start: inputs.sample.time, language: language)
        record.note(inputs, decision, in: language)
        return record
    }

    private static func readBack(_ record: RunRecord) throws -> RunRecord {
        let line = StableJSON.bytes(record)
        let read = try #require(HistoryFolder.last(in: line))
        #expect(StableJSON.bytes(read) == line)
        return read
    }

    private static func moment(_ random: inout SplitMix64) -> Moment {
        Moment(
            wall: 1_700_000_000 + random.below(100_000), sinceBoot: 900_000 + random.below(900_000),
            boot: random.below(8) == 0 ? "another" : "0b1d5c6e-7f34-4c28-9a55-3f1e2d4c5b6a")
    }

    private static func inputs(_ random: inout SplitMix64) -> DecisionInputs {
        DecisionInputs(
            policy: policy(&random), sample: sample(&random), fleet: fleet(&random), history: history(&random))
    }

    private static func sample(_ random: inout SplitMix64) -> Sample {
        // Mostly all of one kind, so that every rule comes up.
        let kind = random.below(7)
        var readings: [Metric: Reading] = [:]
        for metric in Metric.allCases {
            let number = Quantity(
                String(random.below(200)) + "." + String(random.below(1000)), decimals: random.below(4))
            readings[metric] =
                switch random.below(6) == 0 ? random.below(7) : kind {
                case 0, 1: .value(Quantity(random.below(20)))
                case 2: .value(Quantity(86 + random.below(15)))
                case 3: .missing(missing(&random))
                case 4: number.map { .value($0) }
                case 5: .value(Quantity(random.below(3) == 0 ? .max : random.below(200)))
                default: random.below(2) == 0 ? .saturated("too many clients: \"x\"") : nil
                }
        }
        return Sample(
            time: moment(&random), readings: readings,
            explainedByBackup: Set(Metric.allCases.filter { _ in random.below(4) == 0 }))
    }

    private static func missing(_ random: inout SplitMix64) -> MissingReason {
        switch random.below(6) {
        case 0: .unavailable("/proc/stat: Permission denied")
        case 1: .timedOut(seconds: random.below(2) == 0 ? 3 : 0.4)
        case 2: .hiddenSessions(count: random.below(9), role: "app")
        case 3: .roleFull("FATAL: too many connections for role \"app\"")
        case 4: .notANumber("`many`")
        default: .noInterval
        }
    }

    private static func fleet(_ random: inout SplitMix64) -> FleetSituation {
        func rarely() -> Bool { random.below(6) == 0 }
        let counted = random.below(12)
        var fleet = FleetSituation(
            counted: counted, readyWithoutVictim: random.below(counted + 1), hasVictim: !rarely(),
            draining: rarely() ? .init(name: "app_backend_1", isReady: rarely(), isEnding: rarely()) : nil,
            repairs: rarely(), publishes: rarely(), nothingReady: rarely(), stateLost: rarely())
        if rarely() { fleet.starting = random.below(3) }
        if rarely() {
            fleet.publicationWait = .init(
                failures: 2 + random.below(9), remaining: .milliseconds(1 + random.below(1_800_000)))
        }
        return fleet
    }

    private static func history(_ random: inout SplitMix64) -> ScalingHistory {
        func sometimes() -> Bool { random.below(3) == 0 }
        func direction() -> Direction { random.below(2) == 0 ? .up : .down }
        var history = ScalingHistory()
        history.streak = sometimes() ? Streak(up: random.below(3)) : Streak(down: random.below(3))
        if sometimes() { history.hasHeldBack = true }
        if sometimes() { history.lastStep = .init(direction: direction(), time: moment(&random)) }
        if sometimes() { history.backOff = .init(failures: 1 + random.below(9), since: moment(&random)) }
        // What a decision must not depend on, since the line does not say it.
        if sometimes() { history.operation = .init(direction: direction(), backend: "app_backend_1") }
        if sometimes() { history.backends["app_backend_2"] = .init(wasReady: true, readySince: moment(&random)) }
        if sometimes() { history.publishing = .init(failures: 3, since: moment(&random), circumstances: "x") }
        if sometimes() { history.earlyLosses = 2 }
        if sometimes() { history.lastRun = moment(&random) }
        return history
    }

    private static func policy(_ random: inout SplitMix64) -> ScalingPolicy {
        var bands: [Metric: ScalingPolicy.Band] = [:]
        for metric in Metric.allCases where random.below(5) > 0 {
            let minimum = Quantity("\(20 + random.below(9)).\(random.below(10))", decimals: random.below(2)) ?? 20
            bands[metric] = .init(minimum: minimum, maximum: Quantity(50 + random.below(36)))
        }
        let least = 1 + random.below(4)
        return ScalingPolicy(
            bands: bands.isEmpty ? [.cpu: .init(minimum: 20, maximum: 80)] : bands,
            connectionsScope: random.below(3) == 0 ? .perBackend : .total, backends: least...(least + random.below(10)),
            upCooldown: .seconds(random.below(600)), downCooldown: .seconds(random.below(600)),
            upSamples: 1 + random.below(2), downSamples: 1 + random.below(2))
    }
}
