@testable import Decisions
import SeededRandom
import Testing

/// One alert when something changes, one an hour while it lasts, one when it is over; each receiver by itself.
struct AlertBookTests {
    private static let hour = Duration.seconds(3600)
    private static let full = AlertFinding(.databaseSaturated, severity: .critical, text: "full")

    private func moment(_ seconds: Int, boot: String = "a") -> Moment {
        Moment(wall: 1_700_000_000 + seconds, sinceBoot: (1000 + seconds) * 1000, boot: boot)
    }

    /// One run: takes the findings, tells everybody who is there to be told, and forgets.
    private func run(
        _ book: inout AlertBook, _ findings: AlertFindings, at seconds: Int, receivers: [String] = ["a"],
        reachable: Set<String>? = nil
    ) -> [String] {
        let now = moment(seconds)
        book.take(findings, at: now, repeatAfter: Self.hour, receivers: receivers)
        let due = book.due(for: receivers, at: now, repeatAfter: Self.hour)
        for notice in due where reachable?.contains(notice.receiver) != false { book.note(notice, at: now) }
        book.tidy(for: receivers)
        return due.map { "\($0.receiver) \($0.phase.rawValue) \($0.entry.event.rawValue)" }
    }

    private func found(_ findings: AlertFinding...) -> AlertFindings {
        AlertFindings(findings, judged: [.databaseSaturated, .metricMissing, .atMaximum])
    }

    @Test func `a condition is told when it begins, once an hour, and when it is over; then it is forgotten`() {
        var book = AlertBook()
        var told: [String] = []
        for minute in 0..<150 { told += run(&book, found(Self.full), at: minute * 60).map { "\(minute) \($0)" } }
        told += run(&book, found(), at: 150 * 60).map { "150 \($0)" }
        told += run(&book, found(), at: 151 * 60)
        #expect(
            told == [
                "0 a began database_saturated", "60 a lasts database_saturated", "120 a lasts database_saturated",
                "150 a over database_saturated",
            ])
        #expect(book.isEmpty)
    }

    @Test(arguments: [(AlertEvent.metricMissing, 180), (.atMaximum, 600), (.noReadyBackend, 0)])
    func `a condition that needs time is told when that time is over, and not at all if it ends before`(
        event: AlertEvent, patience: Int
    ) {
        let finding = AlertFinding(event, "cpu", severity: .warning, text: "t")
        let findings = AlertFindings([finding], judged: [event])
        var book = AlertBook()
        for seconds in stride(from: 0, to: patience, by: 60) {
            #expect(run(&book, findings, at: seconds).isEmpty, "\(seconds)")
        }
        #expect(run(&book, findings, at: patience) == ["a began \(event.rawValue)"])
        var short = AlertBook()
        if patience > 0 {
            _ = run(&short, findings, at: 0)
            #expect(run(&short, AlertFindings(judged: [event]), at: 60).isEmpty)
            #expect(short.isEmpty)
            #expect(run(&short, findings, at: patience).isEmpty, "the time counts from its new beginning")
        }
    }

    @Test func `what could not be judged neither ends nor is told again`() {
        var book = AlertBook()
        _ = run(&book, found(Self.full), at: 0)
        #expect(run(&book, AlertFindings(), at: 60).isEmpty)
        #expect(run(&book, found(Self.full), at: 120).isEmpty)
    }

    @Test func `a receiver that could not be reached is told by the next run, the others are not told twice`() {
        var book = AlertBook()
        let both = ["a", "b"]
        #expect(run(&book, found(Self.full), at: 0, receivers: both, reachable: ["a"]).count == 2)
        #expect(run(&book, found(Self.full), at: 60, receivers: both) == ["b began database_saturated"])
        #expect(run(&book, found(), at: 120, receivers: both, reachable: []).count == 2)
        #expect(run(&book, found(), at: 180, receivers: both).count == 2)
        #expect(book.isEmpty)
    }

    @Test func `a receiver that never heard of it is not told that it is over`() {
        var book = AlertBook()
        _ = run(&book, found(Self.full), at: 0, receivers: ["a", "b"], reachable: ["a"])
        #expect(run(&book, found(), at: 60, receivers: ["a", "b"]) == ["a over database_saturated"])
        #expect(book.isEmpty)
    }

    @Test func `one that gets worse is told at once, one that gets better is not`() {
        var book = AlertBook()
        let warning = AlertFinding(.diskLow, severity: .warning, text: "w")
        let critical = AlertFinding(.diskLow, severity: .critical, text: "c")
        var told: [String] = []
        for (minute, finding) in [warning, critical, critical, warning].enumerated() {
            told += run(&book, AlertFindings([finding], judged: [.diskLow]), at: minute * 60)
        }
        #expect(told == ["a began disk_low", "a worsened disk_low"])
    }

    @Test func `an occurrence is told once, the same one not again within the hour, another one at once`() {
        var book = AlertBook()
        func lost(_ name: String) -> AlertFindings {
            AlertFindings([AlertFinding(.backendLost, name, severity: .warning, text: name)])
        }
        #expect(run(&book, lost("one"), at: 0) == ["a happened backend_lost"])
        #expect(run(&book, lost("one"), at: 60).isEmpty)
        #expect(run(&book, lost("two"), at: 120) == ["a happened backend_lost"])
        #expect(run(&book, lost("one"), at: 3660) == ["a happened backend_lost"])
        #expect(run(&book, AlertFindings(), at: 7300).isEmpty)
        #expect(book.isEmpty, "nothing is kept of what happened long ago")
    }

    @Test func `several of one kind are told apart by their subject`() {
        var book = AlertBook()
        let missing = ["cpu", "memory"].map { AlertFinding(.metricMissing, $0, severity: .warning, text: $0) }
        _ = run(&book, AlertFindings(missing, judged: [.metricMissing]), at: 0)
        _ = run(&book, AlertFindings(missing, judged: [.metricMissing]), at: 200)
        let over = run(&book, AlertFindings([missing[0]], judged: [.metricMissing]), at: 260)
        #expect(over == ["a over metric_missing"])
        #expect(book.entries.map(\.subject) == ["cpu"])
    }

    @Test func `a stamp of the future counts as now, so that no reminder is waited for for years`() {
        var book = AlertBook()
        _ = run(&book, found(Self.full), at: 100_000)
        book = book.correctingFutureStamps(at: moment(0))
        #expect(run(&book, found(Self.full), at: 3600) == ["a lasts database_saturated"])
    }

    @Test func `over any sequence, each receiver hears begin and over in turn, and reminders an hour apart`() {
        var numbers = SplitMix64(seed: 5)
        for _ in 0..<200 {
            var book = AlertBook()
            var isOpen = ["a": false, "b": false]
            var last: [String: Int] = [:]
            for minute in 0..<200 {
                let isFull = numbers.next() % 4 > 0
                let reachable = Set(["a", "b"].filter { _ in numbers.next() % 3 > 0 })
                let told = run(
                    &book, isFull ? found(Self.full) : found(), at: minute * 60, receivers: ["a", "b"],
                    reachable: reachable)
                for line in told {
                    let words = line.split(separator: " ").map(String.init)
                    guard reachable.contains(words[0]) else { continue }
                    switch words[1] {
                    case "began":
                        #expect(isOpen[words[0]] == false)
                        isOpen[words[0]] = true
                    case "lasts": #expect(isOpen[words[0]] == true && minute - (last[words[0]] ?? 0) >= 60)
                    case "over":
                        #expect(isOpen[words[0]] == true)
                        isOpen[words[0]] = false
                    default: Issue.record("\(line)")
                    }
                    last[words[0]] = minute
                }
            }
        }
    }

    @Test func `an occurrence that a receiver did not take is kept for it, and told again to the others after an hour`()
    {
        func lost(_ text: String) -> AlertFindings {
            var findings = AlertFindings()
            findings.add(AlertFinding(.backendLost, "exited", severity: .warning, text: text))
            return findings
        }
        var book = AlertBook()
        let both = ["a", "b"]
        #expect(run(&book, lost("1"), at: 0, receivers: both, reachable: ["a"]).count == 2)
        for minute in 1..<60 {
            let due = run(&book, lost("\(minute)"), at: minute * 60, receivers: both, reachable: ["a"])
            #expect(due == ["b happened backend_lost"], "\(minute)")
        }
        #expect(run(&book, lost("60"), at: 3600, receivers: both, reachable: ["a"]).count == 2)
        // Nothing more happens, and the receiver stays away for a day.
        for hour in 2..<24 {
            #expect(
                run(&book, AlertFindings(), at: hour * 3600, receivers: both, reachable: ["a"]) == [
                    "b happened backend_lost"
                ])
        }
        #expect(book.entries.map(\.text) == ["60"])
        #expect(run(&book, AlertFindings(), at: 24 * 3600, receivers: both) == ["b happened backend_lost"])
        #expect(run(&book, AlertFindings(), at: 25 * 3600 + 1, receivers: both).isEmpty)
        #expect(book.isEmpty)
    }

    @Test
    func `several of one event and cause are one alert with the words of all, of the first ones where there are many`()
    {
        var findings = AlertFindings()
        for index in 0..<9 {
            findings.add(
                AlertFinding(.backendLost, "exited", severity: index == 3 ? .critical : .warning, text: "\(index)"))
        }
        findings.add(AlertFinding(.backendLost, "gone", severity: .warning, text: "x"))
        #expect(findings.found.map(\.text) == ["0; 1; 2; 3; 4; …", "x"])
        #expect(findings.found[0].severity == .critical)
    }
}
