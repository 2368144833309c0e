package import Decisions
package import Host

/// Where backends live: discovers, starts, stops and removes them. What only some targets can do is an ability.
///
/// Every effect is idempotent, because the next run repeats what a killed one began: starting a running backend, stopping
/// a stopped one and removing an absent one all succeed.
///
/// A target that is not there, or does not answer in time, throws and ends the run before its first effect. None says that
/// it is busy with what an earlier run asked of it: what a target began and did not finish is discovered as it stands. One
/// whose start lasts longer than a run (a virtual machine that boots) needs an answer that is no failure: a case of
/// `Discovery` with its reason, a `Limit` of that name in `FleetSituation`, and a decision that holds with it.
package protocol ScalingTarget: Sendable {
    /// Everything that belongs to the service, running or not, found by label or environment and never from a file of ours.
    func discover(before deadline: Deadline) async throws(TargetError) -> Discovery

    /// Creates and starts one backend.
    ///
    /// An existing one of the same operation is taken and started instead: a killed run may have made it. What was made is
    /// removed again before an error is thrown.
    /// - Parameters:
    ///   - operation: the name to use, which is the id of the operation, too.
    ///   - created: Unix time in seconds, carried by the backend.
    ///   - served: addresses that NGINX still sends requests to. One of a backend that died is taken only when nothing else
    ///     is free: its successor would get requests before it is ready.
    func start(
        operation: String, created: Int, sparing served: Set<ServerAddress>, before deadline: Deadline
    ) async throws(TargetError) -> Backend

    /// Asks it to end (SIGTERM) and ends it (SIGKILL) after the stop time-out.
    func stop(_ backend: Backend, before deadline: Deadline) async throws(TargetError)

    /// Removes what is left of a backend; one that runs after all is asked to end like any other.
    func remove(_ backend: Backend, before deadline: Deadline) async throws(TargetError)

    /// What it leaves behind, and where.
    var leftovers: Leftovers { get }

    // Abilities: a target answers with itself, or with nothing.

    var restarts: (any RestartingTarget)? { get }
    var countsConnections: (any ConnectionCountingTarget)? { get }
    var knowsAddresses: (any AddressKnowingTarget)? { get }
    var remembers: (any RememberingTarget)? { get }
    var keepsOutput: (any OutputKeepingTarget)? { get }
}

extension ScalingTarget {
    package var leftovers: Leftovers { Leftovers() }
    package var restarts: (any RestartingTarget)? { nil }
    package var countsConnections: (any ConnectionCountingTarget)? { nil }
    package var knowsAddresses: (any AddressKnowingTarget)? { nil }
    package var remembers: (any RememberingTarget)? { nil }
    package var keepsOutput: (any OutputKeepingTarget)? { nil }

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
