package import Decisions
import FoundationEssentials
package import SystemPackage

/// One JSON line a run, a file a day: `history/<UTC date>.jsonl`.
package struct HistoryFolder: Sendable {
    package let path: FilePath

    package init(_ path: FilePath) { self.path = path }

    package func append(_ record: RunRecord) throws(FileFailure) {
        try DurableFile.makeFolder(path, mode: .ownerReadWriteExecute)
        try DurableFile.append(StableJSON.bytes(record), to: file(at: record.time))
    }

    /// Where the line of a run goes that began at that time (ISO 8601, UTC).
    func file(at time: String) -> FilePath { path.appending("\(time.prefix { $0 != "T" }).jsonl") }

    /// The last run that a service made, as far as its time has come.
    package struct LastRun: Equatable, Sendable {
        /// `nil` before the first.
        package fileprivate(set) var record: RunRecord?
        /// The latest time in the future that a run is recorded for (ISO 8601, UTC): the clock was wrong then, or is now.
        package fileprivate(set) var future: String?

        /// Names the one of the future.
        package func warning(in language: Language) -> String? {
            future.map { time in
                language.choose(
                    "a run is recorded for \(time), which is in the future: it counts for nothing. Look at the clock: timedatectl",
                    "hay una ejecución registrada a las \(time), en el futuro: no cuenta. Mire el reloj: timedatectl")
            }
        }
    }

    /// The last readable line of the newest day, whoever wrote it.
    func lastRecord() throws(FileFailure) -> RunRecord? {
        guard let day = try days().last, let bytes = try DurableFile.contents(of: path.appending(day)) else {
            return nil
        }
        return Self.last(in: bytes)
    }

    /// In seconds: as far as a clock is put back while nobody needs to be told.
    private static let tolerance = 60

    /// A torn last line (a full disk, a power cut) is passed over, and so are runs of the future and of other services.
    package func last(of service: String, at now: Moment) throws(FileFailure) -> LastRun {
        var last = LastRun()
        for day in try days().reversed() {
            guard let bytes = try DurableFile.contents(of: path.appending(day)) else { continue }
            last.record = Self.last(in: bytes) { record in
                guard record.service == service, let start = record.start else { return false }
                guard start > now.wall + Self.tolerance else { return true }
                last.future = last.future ?? record.time
                return false
            }
            if last.record != nil { break }
        }
        return last
    }

    /// A day of runs, one a minute. More in a file of a day are no accident, and take long to try.
    package static let mostTornLines = 1440

    /// The last readable line that is wanted; `nil` where the last `mostTornLines` are none.
    package static func last(in bytes: [UInt8], where isWanted: (RunRecord) -> Bool = { _ in true }) -> RunRecord? {
        let newline = UInt8(ascii: "\n")
        var rest = bytes[...]
        var torn = 0
        while torn < mostTornLines {
            guard let end = rest.lastIndex(where: { $0 != newline }) else { return nil }
            let start = rest[...end].lastIndex(of: newline).map { $0 + 1 } ?? rest.startIndex
            if let record = try? OutsideJSON.decode(RunRecord.self, from: rest[start...end]) {
                if isWanted(record) { return record }
            } else {
                torn += 1
            }
            rest = rest[..<start]
        }
        return nil
    }

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

    private func days() throws(FileFailure) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path.string)
        } catch {
            guard (try? FileOwnership(of: path)) == nil else {
                throw FileFailure(path: path, action: "read", errno: .permissionDenied)
            }
            return []
        }
        return names.filter { $0.hasSuffix(".jsonl") && !$0.hasPrefix(".") }.sorted()
    }
}

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
