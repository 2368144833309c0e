package import Decisions
package import Host
package import SystemPackage

/// Nobody sends requests to backends: queue workers, which fetch their work themselves.
///
/// Everybody is out of service for good, and there is nothing that could differ from what is wanted.
package struct NoPublisher: Publisher {
    private static let nobody = LiveUpstream(generation: "none", servers: [])

    package init() {}

    package var sendsRequests: Bool { false }
    package var file: FilePath? { nil }

    package func checkOwnership() {}
    package func sweep() {}
    package func checkPlace() {}

    package func obstacle(within timeout: Duration) -> PublishFailure? { nil }
    package func look(within timeout: Duration) -> PublisherView { .sendsNone }

    package func served(waking: Bool, interruption: Interruption, before deadline: Deadline) -> LiveUpstream? {
        Self.nobody
    }

    package func differs(_ servers: Set<ServerAddress>, served: LiveUpstream?) -> Bool { false }

    package func publish(
        _ servers: Set<ServerAddress>, inPlaceOf live: LiveUpstream?, interruption: Interruption,
        before deadline: Deadline
    ) -> Publication? {
        nil
    }

    package func preview(of servers: Set<ServerAddress>) -> String? { nil }
    package func drift(served: LiveUpstream?) -> UpstreamDrift? { nil }
    package func circumstances(_ live: LiveUpstream?, besidePorts own: ClosedRange<UInt16>) -> String { "" }
}
