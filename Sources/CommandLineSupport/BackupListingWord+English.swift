import Decisions

extension BackupListingWord {
    package var english: String {
        switch self {
        case .noBackups(let folder): "There is no backup in \(folder)"
        case .keep: "keep"
        case .remove: "remove"
        case .inFuture: "in the future"
        case .notGood(let problem): "NOT GOOD: \(problem)"
        case .drillFailed(let when, let why): "DRILL FAILED \(when): \(why)"
        case .read: "read in full"
        case .restored: "restored"
        case .notVerified: "not verified"
        case .keptByNoRule: "no rule keeps it: the next run removes it"
        case .until(let day): "until \(day)"
        }
    }
}
