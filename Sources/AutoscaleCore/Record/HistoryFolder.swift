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

    /// The last readable line.
    package static func last(in bytes: [UInt8]) -> RunRecord? {
        for line in bytes.split(separator: UInt8(ascii: "\n")).reversed() {
            if let record = try? JSONDecoder().decode(RunRecord.self, from: Data(line)) { return record }
        }
        return nil
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
