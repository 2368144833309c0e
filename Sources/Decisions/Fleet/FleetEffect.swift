/// One thing that a run does or finds out on its course, in the imperative: `FleetEvent` tells how it went.
package enum FleetEffect: Equatable, Sendable {
    /// Makes the memory durable. What is intended is on disk before it is begun.
    case save(ScalingHistory)
    /// Lets the target keep what it needs to find all these again.
    case remember([Backend])
    case tell(FleetNote)
    /// Removes what is left of a backend that takes no requests and has ended.
    case remove(Backend)
    /// Starts an exited backend again.
    case restart(Backend)
    /// Starts a new backend of this name, which is the id of its operation, too.
    /// - Parameter sparing: addresses that NGINX may still send requests to: nobody new gets one while there is another.
    case start(String, sparing: Set<ServerAddress>)
    /// Waits for what was started, all of it together, for `READY_WAIT` at most.
    case awaitReady([Backend])
    /// Finds out whether NGINX, or the file on disk, has another set than these backends.
    case compare([Backend])
    /// Brings NGINX to these backends: write, test, reload, confirm; or the last good file back.
    case publish([Backend])
    case countConnections(of: Backend)
    /// Asks NGINX once more what it serves, and looks whether there is time for what is to come.
    case lookAgain(before: Ending)
    case end(Ending)
    /// The last one: the memory for the next run, with what was measured.
    case conclude(ScalingHistory)

    /// How a backend that runs is asked to end: SIGTERM, `STOP_TIMEOUT`, SIGKILL.
    package enum Ending: Equatable, Sendable {
        /// Because it is to go; the connections that it still holds are cut (`nil`: they could not be counted).
        case stop(Backend, cutting: Int?)
        /// Because NGINX did not take the start that it was made for. It takes no requests, and has no time-out to wait for.
        case withdraw(Backend)

        package var backend: Backend {
            switch self {
            case .stop(let backend, _), .withdraw(let backend): backend
            }
        }
    }
}

/// What an operator should know of the course beside what its effects tell themselves.
package enum FleetNote: Equatable, Sendable {
    /// A start that came to nothing is about to be removed: what it said last goes with it.
    case neverReady(Backend)
    /// It ended while the run waited for it.
    case endedEarly(Backend)
    case notReadyYet(Backend, Health)
    /// There is nobody to publish: an upstream without a server is never written.
    case noneReady
    /// NGINX refused the last publications and is not asked again yet.
    case unpublished
    case takenBack(Backend)
    case draining(Backend)
    /// A step up has come about.
    case created(Backend)
    case stillDraining(Backend, remaining: Duration)
    /// The time of its drain is over, and it still has connections.
    case stillBusy(Backend, connections: Int?)
    /// The same of one that leaves because it was not well, which no drain precedes.
    case stillConnected(Backend, connections: Int?)
    /// How many backends count now that the run has acted.
    case active(Int)
    /// A signal ends the course here.
    case interrupted
}
