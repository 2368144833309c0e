import Decisions

/// What changes while a run acts: the memory, what NGINX is known to serve, and who is there.
struct FleetAtWork {
    var history: ScalingHistory
    /// As it was last confirmed.
    var live: LiveUpstream?
    /// Ready backends that take requests, or are to take them with the next publication.
    var serving: [Backend]
    /// Started in this run, ready or not.
    var started: [Backend] = []
    /// Anything was started, stopped or moved.
    var hasChanged = false

    init(history: ScalingHistory, live: LiveUpstream?, serving: [Backend]) {
        self.history = history
        self.live = live
        self.serving = serving
    }

    /// Whether NGINX is known not to send requests there.
    func isOut(_ backend: Backend) -> Bool {
        guard let live else { return false }
        return backend.address.map { !live.servers.contains($0) } ?? true
    }
}
