import Decisions
import SystemPackage
import TestSupport
import Testing

@testable import Fleet
@testable import Host
@testable import Reporting

/// Minutes at a size of the fleet, read from the history without decoding all of it.
struct HistoryMinutesTests {
    private func record(at wall: Int, backends: Int?) -> RunRecord {
        var record = RunRecord(
            service: "app", start: Moment(wall: wall, sinceBoot: 1, boot: "b"), language: .english)
        record.activeBackends = backends
        return record
    }

    @Test func `the two facts are read from a line as it is written`() {
        let line = StableJSON.bytes(record(at: 1_700_000_000, backends: 12)).dropLast()
        #expect(FleetSize(line: line)?.time == 1_700_000_000)
        #expect(FleetSize(line: line)?.activeBackends == 12)
        #expect(FleetSize(line: StableJSON.bytes(record(at: 1, backends: nil)).dropLast()) == nil)
    }

    @Test func `a key before them, or behind them, turns nothing off`() throws {
        let line = String(decoding: StableJSON.bytes(record(at: 1_700_000_000, backends: 12)).dropLast(), as: UTF8.self)
        let wide =
            #"{"aaa":{"activeBackends":1,"time":"2001-01-01T00:00:00Z"},"# + line.dropFirst().dropLast()
            + #","zzz":"\"time\":\"2001-01-01T00:00:00Z\"","zzzz":[]}"#
        #expect(FleetSize(line: Array(wide.utf8)[...])?.time == 1_700_000_000)
        #expect(FleetSize(line: Array(wide.utf8)[...])?.activeBackends == 12)
        #expect(FleetSize(line: Array(wide.utf8).dropLast()) == nil, "a torn line counts for nothing")
    }

    @Test func `each run counts until the next, two minutes at most, and only in the time asked for`() async throws {
        try await withTemporaryFolder { folder in
            let history = HistoryFolder(folder.appending("history"))
            let midnight = 1_700_006_400  // 2023-11-15T00:00:00Z
            // Before the time asked for; then over midnight; a gap of an hour; one that is smaller.
            for (offset, backends) in [(-7200, 4), (-60, 4), (0, 4), (60, 4), (3660, 4), (3720, 3), (3780, 5)] {
                try history.append(record(at: midnight + offset, backends: backends))
            }
            #expect(try history.minutes(at: 4, since: midnight - 3600) == 6, "1 + 1 + 2 + 1 + the last one's own")
            #expect(try history.minutes(at: 6, since: midnight - 3600) == 0)
            try DurableFile.append(Array("torn".utf8), to: history.path.appending("2023-11-15.jsonl"))
            #expect(try history.minutes(at: 4, since: midnight - 3600) == 6)
        }
    }
}
