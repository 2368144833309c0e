import FoundationEssentials
package import Host
package import SystemPackage

/// One JSON line a run, a file a day: `history/<UTC date>.jsonl`.
package struct HistoryFolder: Sendable {
    package let path: FilePath

    package init(_ path: FilePath) { self.path = path }

    /// Where the line of a run goes that began at that time (ISO 8601, UTC).
    package func file(at time: String) -> FilePath { path.appending(HistoryDay(of: time).description) }

    /// - Parameter time: when the run began (ISO 8601, UTC).
    package func append(_ record: some Encodable, at time: String) throws(FileFailure) {
        try DurableFile.makeFolder(path, mode: .ownerReadWriteExecute)
        try DurableFile.append(StableJSON.bytes(record), to: file(at: time))
    }

    /// The last readable line of the newest day, whoever wrote it.
    package func last<Record: Decodable>(_ type: Record.Type) throws(FileFailure) -> Record? {
        guard let day = try days().last, let bytes = try DurableFile.contents(of: path.appending(day)) else {
            return nil
        }
        return Self.last(type, in: bytes) { _ in true }
    }

    /// A day of runs, one a minute. More in a file of a day are no accident, and take long to try.
    package static let mostTornLines = 1440

    /// The last readable line that is wanted; `nil` where the last `mostTornLines` are none.
    package static func last<Record: Decodable>(
        _ type: Record.Type, in bytes: [UInt8], where isWanted: (Record) -> Bool
    ) -> Record? {
        let newline = UInt8(ascii: "\n")
        var rest = bytes[...]
        var torn = 0
        while torn < mostTornLines {
            guard let end = rest.lastIndex(where: { $0 != newline }) else { return nil }
            let start = rest[...end].lastIndex(of: newline).map { $0 + 1 } ?? rest.startIndex
            if let record = try? OutsideJSON.decode(type, from: rest[start...end]) {
                if isWanted(record) { return record }
            } else {
                torn += 1
            }
            rest = rest[..<start]
        }
        return nil
    }

    /// The names of its files, the oldest first.
    package func days() throws(FileFailure) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path.string)
        } catch {
            guard (try? FileOwnership(of: path)) == nil else {
                throw FileFailure(path: path, action: "read", errno: .permissionDenied)
            }
            return []
        }
        return names.filter { $0.hasSuffix(HistoryDay.ending) && !$0.hasPrefix(".") }.sorted()
    }
}
