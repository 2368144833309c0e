import Decisions

extension RunMessage {
    package var english: String {
        switch self {
        case .started: "Monitoring started"
        case .readings(let sample): sample.line(in: .english)
        case .readingsBeyondFormat(let sample): sample.lineBeyondFormat(in: .english)
        case .state(let verdict): "State: \(verdict.english)"
        case .reading(let metric, let reason): "\(metric.name(in: .english)): \(reason.english)"
        case .saturated(let detail): Reason.saturated(detail).english
        case .stepped(let reason): "Reason: \(reason.english)"
        case .held(let reason, let limits):
            "Reason: \(reason.english)" + limits.map { "; \($0.english)" }.joined()
        case .notice(let notice): notice.english
        case .stateSetAside(let path, let why):
            "The state file could not be read (\(why)); it is kept as \(path). No step in this run"
        case .stampsCorrected: "A time in the state file lies in the future; it counts as now"
        case .discovery(let warning): warning.english
        case .exposure(let sentence): sentence
        case .backupUnderWay: "A backup is running; the CPU reading includes its load"
        case .creating(let name): "Creating new backend: \(name)"
        case .created: "Backend created successfully"
        case .startedAgain(let name): "Starting backend again: \(name)"
        case .lastWords(let name, let words): "\(name): \(words.sentence(in: .english))"
        case .notReadyYet(let name, let waited, let health):
            "\(name) is not ready after \(waited.inSeconds)\(health.words(in: .english).map { " (\($0))" } ?? ""); "
                + "the next run that finds it ready adds it to NGINX"
        case .takenBack(let name): "Draining backend taken back: \(name)"
        case .draining(let name): "Draining backend: \(name)"
        case .stillDraining(let name, let remaining): "\(name) drains for \(remaining.inSeconds) more"
        case .stillBusy(let name, let connections):
            if let connections {
                "\(name): drain time is over; waiting for \(connections.toClose)"
            } else {
                "\(name): drain time is over; its connections can't be counted, so it stays until DRAIN_TIMEOUT is over"
            }
        case .stillConnected(let name, let connections):
            if let connections {
                "\(name) gets no more requests; waiting for \(connections.toClose)"
            } else {
                "\(name) gets no more requests; its connections can't be counted, so it stays until DRAIN_TIMEOUT is over"
            }
        case .connectionsUncounted(let name, let why):
            "The connections of \(name) could not be counted: \(why.sentence(in: .english))"
        case .stopped(let name, let cut):
            switch cut {
            case nil: "Stopping backend: \(name) (connections unknown)"
            case 0: "Stopping backend: \(name)"
            case let count?: "Stopping backend: \(name) (DRAIN_TIMEOUT is over, connections cut: \(count))"
            }
        case .removed(let name): "Backend removed: \(name)"
        case .published(let servers): "NGINX confirms; servers in the upstream: \(servers)"
        case .foreignFileKept(let path):
            "The upstream file was not written by this tool; a copy is kept in \(path)"
        case .serversLeave(let servers):
            "These servers leave the upstream: " + servers.joined(separator: ", ")
        case .strangersLeft(let servers):
            "NGINX sent requests to addresses that other programs have by now; they have left the upstream: "
                + servers.joined(separator: ", ")
        case .rolledBack(let path): "The last good upstream file is in place again: \(path)"
        case .upstreamRemoved(let path):
            "There was no upstream file before, so the new one is removed: \(path)"
        case .activeBackends(let count): "Active backends: \(count)"
        case .alertUntold(let why): why
        case .failed(let failure): failure.sentence(in: .english)
        }
    }
}

extension Int {
    fileprivate var toClose: String { self == 1 ? "1 connection to close" : "\(self) connections to close" }
}
