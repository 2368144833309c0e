package import Decisions
package import Reporting

/// Every line a run can say. The first three have the shape of the format; more may follow them.
package enum RunMessage: Equatable, Sendable {
    case started
    /// The second line of the format.
    case readings(Sample)
    /// Those of metrics that are configured and not in that line.
    case readingsBeyondFormat(Sample)
    case state(ScalingDecision.Verdict)
    case reading(Metric, missing: MissingReason)
    case saturated(String)
    case stepped(reason: Reason)
    case held(reason: Reason, limits: [Limit])
    case notice(Notice)
    case stateSetAside(path: String, why: String)
    case stampsCorrected
    case discovery(DiscoveryWarning)
    case exposure(String)
    case backupUnderWay
    case creating(String)
    case created
    case startedAgain(String)
    case notReadyYet(String, after: Duration, health: Health)
    /// Of a backend that is about to be removed.
    case lastWords(String, LastWords)
    case takenBack(String)
    case draining(String)
    case stillDraining(String, remaining: Duration)
    case stillBusy(String, connections: Int?)
    /// One that leaves because it was not well, which no drain precedes.
    case stillConnected(String, connections: Int?)
    case connectionsUncounted(String, why: TargetError)
    case stopped(String, cut: Int?)
    case removed(String)
    case published(servers: Int)
    case foreignFileKept(path: String)
    case serversLeave([String])
    case strangersLeft([String])
    case rolledBack(path: String)
    /// There was none before.
    case upstreamRemoved(path: String)
    case activeBackends(Int)
    case alertUntold(String)
    case failed(RunFailure)
}

extension RunMessage: Catalogue, LogMessage {
    package var level: MessageLevel {
        switch self {
        case .started, .readings, .readingsBeyondFormat, .state, .stepped, .held, .creating, .created, .startedAgain,
            .takenBack, .draining,
            .stillDraining, .stillBusy, .stillConnected, .lastWords, .removed, .published, .foreignFileKept,
            .activeBackends,
            .notReadyYet, .backupUnderWay:
            .plain
        case .stopped(_, let cut): cut ?? 0 > 0 ? .warning : .plain
        case .reading, .saturated, .notice, .stateSetAside, .stampsCorrected, .discovery, .exposure,
            .connectionsUncounted, .serversLeave, .strangersLeft, .rolledBack, .upstreamRemoved, .alertUntold:
            .warning
        case .failed(.interrupted): .warning
        case .failed: .error
        }
    }

    package var code: String? {
        switch self {
        case .started, .readings, .readingsBeyondFormat, .state, .reading, .saturated, .stepped, .held, .activeBackends:
            nil
        case .notice(let notice): notice.code
        case .stateSetAside: "state_set_aside"
        case .stampsCorrected: "stamps_corrected"
        case .discovery: "not_visible"
        case .exposure: "readable_secret"
        case .backupUnderWay: "backup_under_way"
        case .creating: "creating"
        case .created: "created"
        case .startedAgain: "started_again"
        case .notReadyYet: "not_ready_yet"
        case .lastWords: "last_words"
        case .takenBack: "taken_back"
        case .draining: "draining"
        case .stillDraining: "still_draining"
        case .stillBusy, .stillConnected: "still_busy"
        case .connectionsUncounted: "connections_uncounted"
        case .stopped: "stopped"
        case .removed: "removed"
        case .published: "published"
        case .foreignFileKept: "foreign_file_kept"
        case .serversLeave: "servers_leave"
        case .strangersLeft: "strangers_left"
        case .rolledBack, .upstreamRemoved: "rolled_back"
        case .alertUntold: "alert_untold"
        case .failed(let failure): failure.code
        }
    }
}
