package import Backups
import Decisions

/// What `backup restore` prints of its plan.
package enum RestorePlanWord: Equatable, Sendable, Catalogue {
    case restore(name: String, bytes: Int, RowsInTables, Proof)
    /// The backup is another service's.
    case of(service: String)
    case into(database: String, server: String, Target)
    // What a failure leaves, which differs between a new database and one that is there.
    case leavesNothing
    case changesNothing

    package enum Proof: Equatable, Sendable {
        case drillFailed(when: String, why: String)
        case verified(when: String)
        case none
    }

    /// With the number of tables, views and sequences that are in it.
    package enum Target: Equatable, Sendable {
        case new
        case empty
        case cleaned(objects: Int)
        case notEmpty(objects: Int)
    }
}
