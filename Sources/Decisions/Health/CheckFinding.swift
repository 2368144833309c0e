/// What a check found, before anybody judged it. Times are in seconds, sizes in bytes.
package enum CheckFinding: Equatable, Sendable {
    case site(SiteAnswer)
    /// Seconds until it ends; negative once it has.
    case certificate(secondsLeft: Int)
    case backends(FleetFound)
    case upstream(UpstreamFound)
    case database(ConnectionsFound)
    /// The server refuses everybody because it is full, in these words.
    case databaseFull(says: String)
    /// By name; the lag is `nil` where this role may not see it.
    case replicas([String: Double?])
    case lastRun(age: Int, exitStatus: Int32)
    case neverRan
    case maximum(minutes: Int, of: Int)
    case backup(name: String, age: Int)
    /// There is one, and the last drill, of this backup or of another, did not bring its database back.
    case drillFailed(name: String, age: Int, drilled: String, when: String, why: String)
    case noBackup
    /// None of this service; whose are there.
    case onlyBackupsOfOthers([BackupsOfOthers])
    /// The finding is of what is not in the future; these records are, and count for nothing.
    indirect case beside(future: [String], CheckFinding)
    case disk([DiskFound])
    case workers(current: Int, old: Int)
    case notAsked(Unasked)

    /// There is nothing to look at, and nobody wants it.
    package enum Unasked: Equatable, Sendable {
        /// `HEALTHCHECK_URL` is not set.
        case noURL
        /// The site is plain HTTP.
        case noTLS
        /// Nobody sends requests to backends: they are queue workers.
        case nothingPublished
        /// `MIN_BACKENDS` and `MAX_BACKENDS` are the same.
        case fixedFleet(Int)
    }
}

package struct SiteAnswer: Equatable, Sendable {
    package let status: Int
    /// `nil` where no text is expected.
    package let holdsText: Bool?
    package let seconds: Double

    package init(status: Int, holdsText: Bool?, seconds: Double) {
        self.status = status
        self.holdsText = holdsText
        self.seconds = seconds
    }
}

package struct FleetFound: Equatable, Sendable {
    package let ready: Int
    /// Running and not ready, with its standing; the draining one is not among them.
    package let others: [String: Standing]
    package let draining: Int
    /// Of the slowest probe.
    package let seconds: Double

    package init(ready: Int, others: [String: Standing], draining: Int, seconds: Double) {
        self.ready = ready
        self.others = others
        self.draining = draining
        self.seconds = seconds
    }
}

package struct UpstreamFound: Equatable, Sendable {
    /// Ready and not served.
    package let missing: [String]
    /// Served and not ready, or unknown here: addresses.
    package let surplus: [String]
    package let served: Int
    /// A run of `monitor` is changing it at this moment.
    package let isChanging: Bool

    package init(missing: [String], surplus: [String], served: Int, isChanging: Bool) {
        self.missing = missing
        self.surplus = surplus
        self.served = served
        self.isChanging = isChanging
    }
}

package struct ConnectionsFound: Equatable, Sendable {
    package let used: Int
    /// `max_connections`
    package let limit: Int
    /// Of those, for superusers only (`superuser_reserved_connections`).
    package let reserved: Int
    package let seconds: Double

    package init(used: Int, limit: Int, reserved: Int, seconds: Double) {
        self.used = used
        self.limit = limit
        self.reserved = reserved
        self.seconds = seconds
    }
}

package struct DiskFound: Equatable, Sendable {
    package let uses: [DiskUse]
    package let path: String
    package let free: Int
    package let total: Int

    package init(uses: [DiskUse], path: String, free: Int, total: Int) {
        self.uses = uses
        self.path = path
        self.free = free
        self.total = total
    }
}

/// What of ours lies on a disk.
package enum DiskUse: Equatable, Sendable {
    case logs
    case backups
    case state
    case docker
}
