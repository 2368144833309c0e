package import Decisions
package import Host
package import Reporting
import SystemPackage

extension HistoryFolder {
    package func append(_ record: RunRecord) throws(FileFailure) { try append(record, at: record.time) }

    /// The last run that a service made, as far as its time has come.
    package struct LastRun: Equatable, Sendable {
        /// `nil` before the first.
        package fileprivate(set) var record: RunRecord?
        /// The latest time in the future that a run is recorded for (ISO 8601, UTC): the clock was wrong then, or is now.
        package fileprivate(set) var future: String?

        package var warning: RecordWarning? { future.map { .futureRun($0) } }
    }

    /// In seconds: as far as a clock is put back while nobody needs to be told.
    private static let tolerance = 60

    /// A torn last line (a full disk, a power cut) is passed over, and so are runs of the future and of other services.
    package func last(of service: String, at now: Moment) throws(FileFailure) -> LastRun {
        var last = LastRun()
        for day in try days().reversed() {
            guard let bytes = try DurableFile.contents(of: path.appending(day)) else { continue }
            last.record = Self.last(RunRecord.self, in: bytes) { record in
                guard record.service == service, let start = record.start else { return false }
                guard start > now.wall + Self.tolerance else { return true }
                last.future = last.future ?? record.time
                return false
            }
            if last.record != nil { break }
        }
        return last
    }

    package static func last(in bytes: [UInt8]) -> RunRecord? { last(RunRecord.self, in: bytes) { _ in true } }
}
