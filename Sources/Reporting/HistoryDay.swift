import Decisions
import Host

/// The name of the history's file of one day, in UTC: `2024-01-15.jsonl`.
package struct HistoryDay: Equatable, Sendable, CustomStringConvertible {
    /// `2024-01-15`
    private let date: String

    /// - Parameter time: when a run began (ISO 8601, UTC).
    package init(of time: String) { date = String(time.prefix { $0 != "T" }) }

    /// `nil` for a name of anything else.
    package init?(_ name: String) {
        guard name.hasSuffix(Self.ending) else { return nil }
        let date = name.dropLast(Self.ending.utf8.count)
        let parts = date.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy(\.isASCIIDigit) }) else {
            return nil
        }
        self.date = String(date)
    }

    package var description: String { date + Self.ending }

    /// Unix time of its last second; `nil` where the calendar has no such day.
    package var end: Int? { CompactTime(date: date.filter { $0 != "-" }, clock: "235959")?.seconds }

    static let ending = ".jsonl"
}
