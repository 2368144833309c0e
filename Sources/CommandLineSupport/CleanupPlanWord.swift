package import Decisions

/// What `cleanup --dry-run` prints beside the reasons.
package enum CleanupPlanWord: Equatable, Sendable, Catalogue {
    case action(CleanupPlan.Action)
    case summary(effects: Int, bytes: Int, kept: Int)
}
