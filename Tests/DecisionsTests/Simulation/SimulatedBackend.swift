@testable import Decisions

/// A container as it really is, whatever the program believes of it.
struct SimulatedBackend: Equatable {
    enum Condition: Int {
        /// Nothing listens yet; it will, one day or another.
        case starting
        case well
        /// Answers its health path with an error.
        case wrong
        /// Runs, and nothing listens or ever will.
        case deaf
    }

    let name: String
    /// Its port, counted from the first of the range. A stopped container keeps it.
    let slot: Int
    /// Unix time, in seconds.
    let created: Int
    let isManaged: Bool
    /// Nobody sends requests to it: it has no port, and does its work as long as it runs.
    var isWorker = false
    var activity = Backend.Activity.running
    var condition = Condition.well
    /// Whether it could be started again, were it to exit.
    var canRestart = true
    /// Whether connections are established on its port.
    var isBusy = false
    /// Counts its starts: what tells one life from the next.
    var life = 0
    /// Refuses to be stopped or removed: a busy device, a process that the kernel holds.
    var isStuck = false
    /// True time, in milliseconds, at which it was started again by nobody of ours; `nil` once it was ready.
    var rebootedAt: Int?
    /// True time, in milliseconds, at which NGINX last stopped sending requests to it; `nil` while it does, and before
    /// it ever did.
    var leftAt: Int?
    var wasServed = false
    /// True time, in milliseconds, at which a run started it; `nil` once it was ready.
    var startedAt: Int?
    /// The state file was lost since that start, and with it all that a run could know of it.
    var isStartForgotten = false

    var port: Ports { Ports(slot: slot) }
    var isRunning: Bool { activity == .running }
    var runs: Bool { activity == .running || activity == .restarting || activity == .frozen }
    /// Runs, and was ready since it was started: the others take no request that they could lose.
    var isInService: Bool { isRunning && startedAt == nil }
    var isLive: Bool { activity == .running && (isWorker || condition == .well) }

    var rememberedStart: Int? { isStartForgotten ? nil : startedAt }

    /// As the target lists it.
    var backend: Backend {
        Backend(
            id: name, name: name, origin: isManaged ? .managed(operation: name) : .adopted, created: created,
            activity: activity, address: isRunning && !isWorker ? Ports.addresses[slot] : nil, life: "\(life)")
    }

    /// As the probe finds it.
    var observed: ObservedBackend {
        let health: Health =
            switch (activity, condition) {
            case (.running, .well): .ready
            case (.running, _) where isWorker: .ready
            case (.running, .wrong): .unhealthy("HTTP 503")
            case (.running, .starting), (.running, .deaf): .refused
            default: .unprobed
            }
        return ObservedBackend(backend: backend, health: health)
    }
}
