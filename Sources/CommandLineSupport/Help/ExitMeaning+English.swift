extension ExitMeaning {
    package var english: String {
        switch self {
        case .done: "done, or nothing to do"
        case .ok: "ok"
        case .warning: "warning"
        case .critical: "critical"
        case .unknown: "unknown: not checked, configuration error or usage error"
        case .runFailed: "failed: a start, a stop or NGINX; the log says which"
        case .targetRefused: "failed: the target refused to answer"
        case .backupFailed: "failed: there is no new backup"
        case .verificationFailed: "failed: a backup is damaged, or there is none"
        case .drillFailed: "failed: the backup could not be restored as it was"
        case .restoreFailed: "failed: nothing was restored"
        case .backupPartly: "partly done: the backup is good; the log says what failed"
        case .restorePartly: "partly done: the data is restored; the log says what differs"
        case .prunePartly: "partly done: the store could not be used"
        case .cleanupPartly: "partly done: the log says what could not be removed"
        case .wrongUse: "usage error"
        case .newerState: "the state file is a newer version's; nothing was changed"
        case .fleetAway: "Docker or NGINX does not answer; nothing was changed"
        case .targetAway: "Docker or NGINX does not answer"
        case .databaseAway: "the database does not answer, or a program is missing"
        case .storeAway: "the store does not answer"
        case .notWritten: "a file could not be read or written"
        case .notRead: "a file could not be read"
        case .busy: "another run holds the lock; nothing was done"
        case .notPermitted: "not permitted, or others could change a file"
        case .badConfiguration: "configuration error"
        case .interrupted: "ended by SIGINT; the next run goes on from there"
        case .terminated: "ended by SIGTERM; the next run goes on from there"
        }
    }
}
