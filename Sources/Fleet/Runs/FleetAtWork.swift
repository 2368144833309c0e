import Decisions

/// What changes while a run acts: the memory, what NGINX is known to serve, and who is there.
struct FleetAtWork {
    /// What a save writes: the memory as it is by now, with the counters of the last run until this one is over.
    var state: State
    /// As it was last confirmed.
    var live: LiveUpstream?
    /// Ready backends that take requests, or are to take them with the next publication.
    var serving: [Backend]
    /// Started in this run, ready or not.
    var started: [Backend] = []
    /// Anything was started, stopped or moved.
    var hasChanged = false
    /// What NGINX served when the run began: its old workers may still try these, so nobody new gets one of them.
    let servedBefore: Set<ServerAddress>
    /// NGINX refused what was published last: it is not asked again in this run.
    var mayPublish = true

    init(state: State, live: LiveUpstream?, serving: [Backend]) {
        self.state = state
        self.live = live
        servedBefore = live?.servers ?? []
        self.serving = serving
    }

    var history: ScalingHistory {
        get { state.history }
        set { state.history = newValue }
    }

    /// Whether NGINX is known not to send requests there.
    func isOut(_ backend: Backend) -> Bool {
        guard let live else { return false }
        return backend.address.map { !live.servers.contains($0) } ?? true
    }
}
