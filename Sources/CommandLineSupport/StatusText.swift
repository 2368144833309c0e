import Decisions

/// What stands around the facts that `status`, `why` and a dry run print. The first ones are the format's.
enum StatusText: Catalogue {
    case title
    case activeBackends(Int?)
    case lastUpdated(String?)
    case lastRun(String)

    case problem(String)
    /// Queue workers.
    case nothingPublished
    case nginxShows(String)
    case warning(String)
    case unjudged
    /// The limits, and what one backend's share of the value is, where that is judged.
    case limits(String)
    case limitsPerBackend(String)
    case share(value: String, backends: Int, judged: String, limits: String)
    case inNGINX
    case adopted
    case decision(ScalingDecision.Verdict?, reason: String)
    case atMinimum(String)
    case heldBack(String)
    case exitStatus(Int32)
    case never

    case plan
    case publishes
    case publishesWhenReady
    case nothingToDo
    case nginxTrouble(String)
    case upstreamFile
}
