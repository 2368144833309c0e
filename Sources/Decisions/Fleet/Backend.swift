/// One running (or stopped) copy of the service, as its target shows it.
package struct Backend: Hashable, Sendable {
    /// Who started it, which decides what may be done to it.
    package enum Origin: Hashable, Sendable {
        /// Started by this tool for the operation of that id (the intended name: one that a target finds there already is another's).
        case managed(operation: String)
        /// Somebody else's, labelled for the service: counted, probed and published, never started, stopped or removed.
        case adopted
    }

    package enum Activity: String, Sendable, Codable {
        /// Made and never started: what a kill between create and start leaves behind.
        case created
        case running
        /// Between two lives of a restart policy: it does not run now.
        case restarting
        case exited
        /// Frozen by somebody, or being removed: left alone, and never ready.
        case frozen
    }

    /// The target's own id, stable for this backend's life.
    package let id: String
    package let name: String
    package let origin: Origin
    /// Unix time, in seconds, when it was ordered. For the order of age only: wall clocks jump.
    package let created: Int
    package let activity: Activity
    /// What tells this life of it from the one before, where it can be started again under its id (a container);
    /// `nil` where the target can't tell, or where it does not run.
    package let life: String?
    /// Where it answers; `nil` where it does not run or publishes no port.
    package let address: ServerAddress?

    package init(
        id: String, name: String, origin: Origin, created: Int, activity: Activity, address: ServerAddress?,
        life: String? = nil
    ) {
        self.id = id
        self.name = name
        self.origin = origin
        self.created = created
        self.activity = activity
        self.address = address
        self.life = life
    }

    /// It runs, and there is no address to send a request to: it can serve nobody, and fills no place of the fleet.
    package var isUnreachable: Bool { activity == .running && address == nil }

    /// Whether there is, or will soon be again, a process to end.
    package var runs: Bool { activity == .running || activity == .restarting }

    package var isManaged: Bool { origin != .adopted }

    /// Who this is, over all that may bear the name one after the other; `nil` while it does not run.
    package var incarnation: String? {
        activity == .running ? life.map { "\(id)@\($0)" } ?? id : nil
    }

    /// The operation that made it; `nil` for an adopted one.
    package var operation: String? {
        if case .managed(let operation) = origin { operation } else { nil }
    }
}
