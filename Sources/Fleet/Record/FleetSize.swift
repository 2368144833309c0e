import FoundationEssentials
package import Host
package import Reporting
import SystemPackage

/// The two facts of a line that a day's statistics need. A day has 1,440 lines of a kilobyte or, with a hundred backends,
/// twelve: decoding all of it would take longer than all checks together.
package struct FleetSize: Equatable {
    /// Unix time.
    package let time: Int
    let activeBackends: Int

    /// Our own writer sorts the keys: `activeBackends` is the first one, and `time` stands in the last 64 bytes.
    package init?(line: ArraySlice<UInt8>) {
        let head = Array("{\"activeBackends\":".utf8)
        guard line.starts(with: head) else { return nil }
        let digits = line.dropFirst(head.count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let tail = String(decoding: line.suffix(64), as: UTF8.self)
        guard let count = Int(String(decoding: digits, as: UTF8.self)), let key = tail.firstRange(of: "\"time\":\""),
            let time = try? Date(String(tail[key.upperBound...].prefix(20)), strategy: .iso8601)
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
        let firstDay = "\(WallClock.utc(start).prefix { $0 != "T" }).jsonl"
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
