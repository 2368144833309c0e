import Decisions

/// What `healthcheck` prints beside its checks.
package enum HealthCheckWord: Equatable, Sendable, Catalogue {
    case checks(Int)
    case configurationUnusable(first: String, more: Int)
    case nobodyToTell
}
