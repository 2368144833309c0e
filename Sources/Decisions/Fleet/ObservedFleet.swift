/// What the probe of a backend's health path found.
package enum Health: Equatable, Sendable {
    /// 2xx or 3xx.
    case ready
    /// Nothing listens there.
    case refused
    /// It answered slowly or wrongly; the words say how.
    case unhealthy(String)
    /// Something else answers at its address.
    case impostor(Words)
    /// It does not run, or has no address to ask.
    case unprobed

    /// Why it is not ready, in the words of who answered; `nil` where it is, or was not asked.
    package func words(in language: Language) -> String? {
        switch self {
        case .ready, .unprobed: nil
        case .refused, .unhealthy, .impostor: sentence(in: language)
        }
    }
}

/// One backend with what its probe found.
package struct ObservedBackend: Equatable, Sendable {
    package let backend: Backend
    package let health: Health

    package init(backend: Backend, health: Health) {
        self.backend = backend
        self.health = health
    }
}

/// The world as one run found it, before it touched anything.
package struct ObservedFleet: Equatable, Sendable {
    /// The oldest first.
    package let backends: [ObservedBackend]
    /// What the running NGINX sends requests to; `nil` where it does not serve a configuration of ours.
    package let served: Set<ServerAddress>?
    /// Connections that the draining backend still holds; `nil` where none drains or they could not be counted.
    package let drainingConnections: Int?

    package init(backends: [ObservedBackend], served: Set<ServerAddress>?, drainingConnections: Int? = nil) {
        self.backends = backends
        self.served = served
        self.drainingConnections = drainingConnections
    }

    /// What its probe found.
    func health(of backend: Backend) -> Health? { backends.first { $0.backend.id == backend.id }?.health }

    package func isServed(_ backend: Backend) -> Bool {
        guard let address = backend.address, let served else { return false }
        return served.contains(address)
    }
}
