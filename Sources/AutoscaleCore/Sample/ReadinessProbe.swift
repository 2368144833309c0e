package import Decisions

/// Asks backends on their health path whether they are ready; all at once, however many.
package struct ReadinessProbe: Sendable {
    private let settings: Configuration.HealthProbe
    private let client = CurlClient()

    package init(_ settings: Configuration.HealthProbe) { self.settings = settings }

    /// One probe of each backend, in their order; the slowest takes `HEALTH_TIMEOUT`.
    package func probe(_ backends: [Backend], before deadline: Deadline) -> [Health] {
        let timeout = deadline.limited(settings.timeout)
        let asked = backends.indices.filter { backends[$0].activity == .running && backends[$0].address != nil }
        let requests = asked.compactMap { index in
            backends[index].address.map { address in
                HTTPRequest(
                    .get, "http://\(address)\(settings.path)", timeout: timeout,
                    bodyPolicy: .discard)
            }
        }
        var healths = [Health](repeating: .unprobed, count: backends.count)
        for (index, answer) in zip(asked, client.sendAll(requests)) { healths[index] = Self.health(answer) }
        return healths
    }

    /// Probes all, and those that were ready before and now answer slowly or wrongly again, 1 s apart, up to
    /// `HEALTH_RETRIES` times in all (rule 11).
    package func observe(
        _ backends: [Backend], wasReady: (Backend) -> Bool, before deadline: Deadline
    ) async -> [ObservedBackend] {
        var healths = probe(backends, before: deadline)
        for _ in 1..<settings.attempts {
            let doubtful = backends.indices.filter { index in
                if case .unhealthy = healths[index] { wasReady(backends[index]) } else { false }
            }
            guard !doubtful.isEmpty, deadline.remaining > .seconds(1) + settings.timeout else { break }
            try? await Task.sleep(for: .seconds(1))
            let again = probe(doubtful.map { backends[$0] }, before: deadline)
            for (index, health) in zip(doubtful, again) { healths[index] = health }
        }
        return zip(backends, healths).map { ObservedBackend(backend: $0, health: $1) }
    }

    private static func health(_ answer: Result<HTTPResponse, HTTPFailure>) -> Health {
        switch answer {
        case .success(let response) where (200..<400).contains(response.status): .ready
        case .success(let response): .unhealthy("HTTP \(response.status)")
        case .failure(.refused): .refused
        case .failure(let failure): .unhealthy(failure.description)
        }
    }
}
