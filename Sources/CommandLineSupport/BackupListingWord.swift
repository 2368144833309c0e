import Decisions

/// What `backup list` and `prune --dry-run` print beside the reasons.
package enum BackupListingWord: Equatable, Sendable, Catalogue {
    case noBackups(folder: String)
    case keep
    case remove
    case inFuture
    case notGood(String)
    case drillFailed(when: String, why: String)
    case read
    case restored
    case notVerified
    case keptByNoRule
    case until(String)
}
