/// What a check says of what it found, beside its level.
package enum CheckStatement: Equatable, Sendable {
    case site(status: Int, seconds: Double)
    case otherStatus(Int, seconds: Double, expected: ClosedRange<Int>)
    /// `HEALTHCHECK_TEXT` is not in it.
    case textMissing(status: Int)
    case certificate(days: Int)
    case certificateExpired
    case backends(FleetFound)
    case upstreamServed(Int)
    case upstreamDiffers(UpstreamFound)
    case connections(ConnectionsFound)
    case databaseFull(says: String)
    /// By name; the lag in seconds is `nil` where this role may not see it.
    case replicas([String: Double?])
    case lastRun(age: Int, exitStatus: Int32, isOverdue: Bool)
    case neverRan
    case maximum(minutes: Int, of: Int)
    case backup(name: String, age: Int)
    indirect case drillFailed(CheckStatement, drilled: String, when: String, why: String)
    case noBackup
    case onlyBackupsOfOthers([BackupsOfOthers])
    /// These records are of the future, and count for nothing.
    indirect case beside(future: [String], CheckStatement)
    case disks([DiskFound])
    case noWorkers
    case workers(current: Int, old: Int, isTooMany: Bool)
    case notAsked(CheckFinding.Unasked)
}

extension CheckStatement: Catalogue {
    /// `12 ms`, `10.5 s`
    static func time(_ seconds: Double) -> String {
        seconds < 10 ? "\(Int((seconds * 1000).rounded())) ms" : lag(seconds)
    }

    /// `0.4 s`
    static func lag(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10) s" }
}

extension ClosedRange<Int> {
    /// `200`, `200-399`
    var inWords: String { count == 1 ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)" }
}
