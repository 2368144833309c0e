/// How an effect went, or what happened meanwhile, in the past tense.
package enum FleetEvent: Equatable, Sendable {
    case done
    case started(Backend)
    case awaited([Arrival])
    case compared(differs: Bool)
    /// Connections; `nil` where they could not be counted.
    case counted(Int?)
    /// What NGINX serves.
    case seen(Set<ServerAddress>)
    /// NGINX does not tell, or there is no time left for what was to come.
    case unseen
    /// The target does not do it; the rest does not depend on it.
    case refused
    /// It did not come about in time, and may all the same.
    case timedOut
    /// Target or NGINX is not there, or can't be used at all.
    case unavailable
    /// NGINX did not take the publication, and the last good file is back in its place.
    /// - Parameter circumstances: what the next tries wait for a change of; `nil` where it has cost no reload.
    case notTaken(circumstances: String?)
    /// The signal came before NGINX confirmed: the last good file is back in its place.
    case rolledBack
    /// A file could not be written or read.
    case notWritten
    /// SIGTERM or SIGINT came: nothing new is begun. Not the answer to an effect; it may come at any time.
    case signalled
}

/// What a started backend had become when the wait for it was over.
package struct Arrival: Equatable, Sendable {
    package enum Outcome: Equatable, Sendable {
        case ready
        /// With what its health path answered last.
        case notYet(Health)
        case ended
    }

    package let backend: Backend
    package let outcome: Outcome

    package init(_ backend: Backend, _ outcome: Outcome) {
        self.backend = backend
        self.outcome = outcome
    }
}
