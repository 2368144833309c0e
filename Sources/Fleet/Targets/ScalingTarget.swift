package import Decisions
package import Host

/// Where backends live: discovers, starts and stops them.
///
/// Every effect is idempotent, because the next run repeats what a killed one began: starting a running backend, stopping
/// a stopped one and removing an absent one all succeed.
package protocol ScalingTarget: Sendable {
    /// Everything that belongs to the service, running or not, found by label or environment and never from a file of ours.
    func discover(before deadline: Deadline) async throws(TargetError) -> Discovery

    /// Keeps what will be needed to find these again. Called under the run's lock, with all that were discovered.
    func remember(_ backends: [Backend]) throws(TargetError)

    /// Backends on whose address something else answers, by their ids, with words that say who: an address is no identity.
    func impostors(among backends: [Backend]) -> [String: String]

    /// Which of these addresses somebody else has by now: neither one of these backends, nor nobody.
    func strangers(
        at addresses: Set<ServerAddress>, beside backends: [Backend], before deadline: Deadline
    ) async throws(TargetError) -> Set<ServerAddress>

    /// Creates and starts one backend.
    ///
    /// An existing one of the same operation is taken and started instead (row B4). What was made is removed again before
    /// an error is thrown.
    /// - Parameters:
    ///   - operation: the name to use, which is the id of the operation, too.
    ///   - created: Unix time in seconds, carried by the backend.
    ///   - served: addresses that NGINX still sends requests to. One of a backend that died is taken only when nothing else
    ///     is free: its successor would get requests before it is ready (rule 8).
    func start(
        operation: String, created: Int, sparing served: Set<ServerAddress>, before deadline: Deadline
    ) async throws(TargetError) -> Backend

    /// Starts an exited backend again. A target whose backends leave nothing behind never lists an exited one.
    func restart(_ backend: Backend, before deadline: Deadline) async throws(TargetError) -> Backend

    /// Asks it to end (SIGTERM) and ends it (SIGKILL) after the stop time-out.
    func stop(_ backend: Backend, before deadline: Deadline) async throws(TargetError)

    /// How one ended that came to nothing, and what it said last; `nil` where nobody knows. Asked before it is removed.
    func lastWords(of backend: Backend, before deadline: Deadline) async -> LastWords?

    /// Removes what is left of a backend; one that runs after all is asked to end like any other.
    func remove(_ backend: Backend, before deadline: Deadline) async throws(TargetError)

    /// Connections established on the port that the backend listens on, as the kernel that holds them counts them.
    func establishedConnections(of backend: Backend, before deadline: Deadline) async throws(TargetError) -> Int
}

extension ScalingTarget {
    package func lastWords(of backend: Backend, before deadline: Deadline) async -> LastWords? { nil }

    /// Nothing: what is discovered needs no memory.
    package func remember(_ backends: [Backend]) throws(TargetError) {}

    /// None: the target itself gives an address to one backend only.
    package func impostors(among backends: [Backend]) -> [String: String] { [:] }

    /// The same with no address to spare.
    package func start(
        operation: String, created: Int, before deadline: Deadline
    ) async throws(TargetError) -> Backend {
        try await start(operation: operation, created: created, sparing: [], before: deadline)
    }
}

extension ClosedRange<UInt16> {
    /// The ports of the range in ascending order, with those that are to be spared at the end.
    func sparing(_ served: Set<ServerAddress>) -> [UInt16] {
        let spared = Set(served.map(\.port))
        return filter { !spared.contains($0) } + filter { spared.contains($0) }
    }
}

/// What a target found.
package struct Discovery: Equatable, Sendable {
    /// In the order of age, the oldest first; by name where the age is the same. One that was made while the clock stood in
    /// the future has no known age: it comes first, so that a step down does not take it for the youngest, time after time.
    package let backends: [Backend]
    /// What could not be looked at, as sentences: unreadable is never taken for none.
    package let warnings: [String]

    package init(backends: [Backend], warnings: [String] = [], at now: Moment = .now()) {
        let latest = now.wall + 60
        func time(_ backend: Backend) -> Int { backend.created > latest ? .min : backend.created }
        self.backends = backends.sorted { (time($0), $0.name) < (time($1), $1.name) }
        self.warnings = warnings
    }
}
