package import Decisions
import Host

/// What a target found.
package struct Discovery: Equatable, Sendable {
    /// In the order of age, the oldest first; by name where the age is the same. One that was made while the clock stood in
    /// the future has no known age: it comes first, so that a step down does not take it for the youngest, time after time.
    package let backends: [Backend]
    /// What could not be looked at.
    package let warnings: [DiscoveryWarning]

    package init(backends: [Backend], warnings: [DiscoveryWarning] = [], at now: Moment = .now()) {
        let latest = now.wall + 60
        func time(_ backend: Backend) -> Int { backend.created > latest ? .min : backend.created }
        self.backends = backends.sorted { (time($0), $0.name) < (time($1), $1.name) }
        self.warnings = warnings
    }
}
