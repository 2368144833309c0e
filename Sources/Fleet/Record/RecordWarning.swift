import Decisions
package import SystemPackage

/// What is wrong about what earlier runs have left, for commands that only look.
package enum RecordWarning: Hashable, Sendable, Catalogue {
    /// A run is recorded for a time that has not come (ISO 8601, UTC).
    case futureRun(String)
    /// The state file can't be read; `why` is the reader's own words.
    case brokenState(FilePath, why: String)
}
