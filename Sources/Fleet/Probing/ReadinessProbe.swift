import Connections
package import Decisions
package import Host
package import Settings

/// Asks backends on their health path whether they are ready; all at once, however many.
package struct ReadinessProbe: Sendable {
    private let settings: Configuration.HealthProbe?
    private let target: any ScalingTarget
    private let client = CurlClient()

    /// - Parameters:
    ///   - settings: `nil` where nobody sends requests to backends: one that runs is ready, and is asked nothing.
    ///   - target: knows who answers at a backend's address.
    package init(_ settings: Configuration.HealthProbe?, of target: any ScalingTarget) {
        self.settings = settings
        self.target = target
    }

    /// One probe of each backend, in their order; the slowest takes `HEALTH_TIMEOUT`.
    package func probe(_ backends: [Backend], before deadline: Deadline) -> [Health] {
        guard let settings else { return backends.map { $0.activity == .running ? .ready : .unprobed } }
        let timeout = deadline.limited(settings.timeout)
        let asked = backends.indices.filter { backends[$0].activity == .running && backends[$0].address != nil }
        let requests = asked.compactMap { index in
            backends[index].address.map { address in
                HTTPRequest(
                    .get, "http://\(address)\(settings.path)",
                    headers: settings.host.map { [HTTPHeader("Host", $0)] } ?? [], timeout: timeout,
                    bodyPolicy: .discard)
            }
        }
        var healths = [Health](repeating: .unprobed, count: backends.count)
        for (index, answer) in zip(asked, client.sendAll(requests)) { healths[index] = Self.health(answer) }
        // After the answer, so that who gave it can't have come later.
        let answering = asked.filter { healths[$0] != .refused }
        let impostors =
            answering.isEmpty ? nil : target.knowsAddresses?.impostors(among: answering.map { backends[$0] })
        for index in answering {
            guard let holder = impostors?[backends[index].id] else { continue }
            healths[index] = .impostor(Words(holder.english, holder.spanish))
        }
        return healths
    }

    private static let pause = Duration.seconds(1)
    private static let shortestProbe = Duration.milliseconds(500)
    /// From the first probe to the end of the last one that is repeated: where packets are dropped every probe lasts its
    /// whole time-out, and a run that can do nothing about it is to end within 10 s.
    private static let patience = Duration.seconds(7)

    /// Probes all, and those that were ready before and now answer slowly or wrongly again, 1 s apart, up to
    /// `HEALTH_RETRIES` times in all, as far as there is time.
    package func observe(
        _ backends: [Backend], wasReady: (Backend) -> Bool, before deadline: Deadline
    ) async -> [ObservedBackend] {
        let window = deadline.within(Self.patience)
        var healths = await probeApart(backends, before: deadline)
        for _ in 1..<(settings?.attempts ?? 1) {
            let doubtful = backends.indices.filter { index in
                switch healths[index] {
                case .unhealthy, .impostor: wasReady(backends[index])
                case .ready, .refused, .unprobed: false
                }
            }
            guard !doubtful.isEmpty, window.remaining > Self.pause + Self.shortestProbe else { break }
            try? await Task.sleep(for: Self.pause)
            let again = await probeApart(doubtful.map { backends[$0] }, before: window)
            for (index, health) in zip(doubtful, again) { healths[index] = health }
        }
        return zip(backends, healths).map { ObservedBackend(backend: $0, health: $1) }
    }

    /// On a thread of its own: the pool of a machine with one processor has one, and readings are taken meanwhile.
    private func probeApart(_ backends: [Backend], before deadline: Deadline) async -> [Health] {
        do throws(DetachedThread.ThreadsExhausted) {
            return try await DetachedThread.value { probe(backends, before: deadline) }
        } catch {
            return probe(backends, before: deadline)
        }
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

extension Configuration {
    /// Who is asked whether a backend is ready: itself, where it gets requests; else nobody.
    func readiness(of target: any ScalingTarget) -> ReadinessProbe {
        ReadinessProbe(publisher.sendsRequests ? probe : nil, of: target)
    }
}
