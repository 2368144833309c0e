import FoundationEssentials
package import Host
package import Reporting
import SystemPackage

/// The two facts of a line that a day's statistics need, found by their names. A day has 1,440 lines of a kilobyte or, with a
/// hundred backends, twelve: decoding all of it would take longer than all checks together.
package struct FleetSize: Equatable {
    /// Unix time.
    package let time: Int
    let activeBackends: Int

    /// `nil` where the line is torn, or says one of the two not at all: a run that ended early counted no backends.
    package init?(line: ArraySlice<UInt8>) {
        guard let fields = JSONFields(line, named: ["activeBackends", "time"]),
            let count = fields.count(0), let text = fields.string(1),
            let time = try? Date(text, strategy: .iso8601)
        else { return nil }
        self.time = Int(time.timeIntervalSince1970)
        activeBackends = count
    }
}

extension HistoryFolder {
    /// How many minutes since then a fleet had that many backends, or more: each run counts until the next one, two minutes
    /// at most.
    /// - Parameters:
    ///   - start: Unix time.
    ///   - end: runs that are recorded for later are none.
    package func minutes(at count: Int, since start: Int, until end: Int = .max) throws(FileFailure) -> Int {
        let firstDay = HistoryDay(of: WallClock.utc(start)).description
        var seconds = 0
        var last: (time: Int, isAtCount: Bool)?
        for day in try days() where day >= firstDay {
            guard let bytes = try DurableFile.contents(of: path.appending(day)) else { continue }
            for line in bytes.pieces(separatedBy: { $0 == UInt8(ascii: "\n") }) {
                guard let run = FleetSize(line: line), run.time >= start, run.time <= end else { continue }
                if let last, last.isAtCount { seconds += min(max(0, run.time - last.time), 120) }
                last = (run.time, run.activeBackends >= count)
            }
        }
        if last?.isAtCount == true { seconds += 60 }
        return (seconds + 30) / 60
    }
}
