package import Decisions
package import Host

/// Its backends leave something behind that can be started again. A target without this ability never lists an exited one.
package protocol RestartingTarget: Sendable {
    /// Starts an exited backend again.
    func restart(_ backend: Backend, before deadline: Deadline) async throws(TargetError) -> Backend
}

/// It sees who is connected to a backend. Without this ability nobody can tell when a backend that leaves is idle.
package protocol ConnectionCountingTarget: Sendable {
    /// Connections established on the port that the backend listens on, as the kernel that holds them counts them.
    func establishedConnections(of backend: Backend, before deadline: Deadline) async throws(TargetError) -> Int
}

/// It knows who has an address: an address is no identity.
package protocol AddressKnowingTarget: Sendable {
    /// Backends on whose address something else answers, by their ids, with who it is.
    func impostors(among backends: [Backend]) -> [String: ForeignHolder]

    /// Which of these addresses somebody else has by now: neither one of these backends, nor nobody.
    func strangers(
        at addresses: Set<ServerAddress>, beside backends: [Backend], before deadline: Deadline
    ) async throws(TargetError) -> Set<ServerAddress>
}

extension AddressKnowingTarget {
    /// None: the target itself gives an address to one backend only.
    package func impostors(among backends: [Backend]) -> [String: ForeignHolder] { [:] }
}

/// It writes down what a later run, or `cleanup`, can't discover.
package protocol RememberingTarget: Sendable {
    /// Called under the run's lock, before its first effect, with all that were discovered.
    func remember(_ backends: [Backend]) throws(TargetError)
}

/// It keeps what a backend wrote.
package protocol OutputKeepingTarget: Sendable {
    /// How one ended that came to nothing, and what it said last; `nil` where nobody knows. Asked before it is removed.
    func lastWords(of backend: Backend, before deadline: Deadline) async -> LastWords?
}
