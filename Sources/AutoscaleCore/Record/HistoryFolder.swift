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

    /// The last run; `nil` before the first. A torn last line (a full disk, a power cut) is passed over.
    package func last() throws(FileFailure) -> RunRecord? {
        for day in try days().reversed() {
            guard let bytes = try DurableFile.contents(of: path.appending(day)) else { continue }
            if let record = Self.last(in: bytes) { return record }
        }
        return nil
    }

    /// A day of runs, one a minute. More in a file of a day are no accident, and take long to try.
    package static let mostTornLines = 1440

    /// The last readable line; `nil` where the last `mostTornLines` are none.
    package static func last(in bytes: [UInt8]) -> RunRecord? {
        let newline = UInt8(ascii: "\n")
        var rest = bytes[...]
        for _ in 0..<mostTornLines {
            guard let end = rest.lastIndex(where: { $0 != newline }) else { return nil }
            let start = rest[...end].lastIndex(of: newline).map { $0 + 1 } ?? rest.startIndex
            if let record = try? OutsideJSON.decode(RunRecord.self, from: rest[start...end]) { return record }
            rest = rest[..<start]
        }
        return nil
    }

    /// How many minutes since then a fleet had that many backends, or more: each run counts until the next one, two minutes
    /// at most.
    /// - Parameter start: Unix time.
    package func minutes(at count: Int, since start: Int) throws(FileFailure) -> Int {
        let firstDay = "\(WallClock.utc(start).prefix { $0 != "T" }).jsonl"
        var seconds = 0
        var last: (time: Int, isAtCount: Bool)?
        for day in try days() where day >= firstDay {
            guard let bytes = try DurableFile.contents(of: path.appending(day)) else { continue }
            for line in bytes.pieces(separatedBy: { $0 == UInt8(ascii: "\n") }) {
                guard let run = FleetSize(line: line), run.time >= start else { continue }
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
