/// What a run must remember of the ones before it, because it can't be discovered.
package struct ScalingHistory: Equatable, Sendable, Codable {
    /// A step, stamped with the start of its run, before its first effect.
    package struct Step: Equatable, Sendable, Codable {
        package let direction: Direction
        package let time: Moment

        package init(direction: Direction, time: Moment) {
            self.direction = direction
            self.time = time
        }
    }

    /// The step that is under way.
    package struct Operation: Equatable, Sendable, Codable {
        package let direction: Direction
        /// The backend that is being started or drained.
        package let backend: String
        /// When its leaving the upstream was confirmed by NGINX; only a step down has it, and only a later run stops it.
        package var left: Moment?

        package init(direction: Direction, backend: String, left: Moment? = nil) {
            self.direction = direction
            self.backend = backend
            self.left = left
        }
    }

    /// What is known of one backend.
    package struct Memory: Equatable, Sendable, Codable {
        /// It answered its health path at least once.
        package var wasReady: Bool
        /// When it was first seen not ready yet; `STARTUP_TIMEOUT` counts from here.
        package var startingSince: Moment?
        /// Consecutive runs in which it ran and did not answer well.
        package var unhealthyRuns: Int
        /// Another one was already started in its place.
        package var isReplaced: Bool
        /// Not ours: it is not missed when it goes.
        package var isAdopted: Bool
        /// Which incarnation all this is about; another one under its name, or in its container, has to start like any other.
        package var incarnation: String?
        /// Since when it has been ready, as the runs saw it.
        package var readySince: Moment?
        /// It is on its way out, and this is how far.
        package var departure: Departure?

        package init(
            wasReady: Bool = false, startingSince: Moment? = nil, unhealthyRuns: Int = 0, isReplaced: Bool = false,
            isAdopted: Bool = false, incarnation: String? = nil, readySince: Moment? = nil
        ) {
            self.incarnation = incarnation
            self.readySince = readySince
            self.wasReady = wasReady
            self.startingSince = startingSince
            self.unhealthyRuns = unhealthyRuns
            self.isReplaced = isReplaced
            self.isAdopted = isAdopted
        }
    }

    /// How far a backend that is to go has come, whatever the reason: dead, never ready, or drained.
    package struct Departure: Equatable, Sendable, Codable {
        /// When NGINX was first seen not to send requests to it; `DRAIN_TIMEOUT` counts from here.
        package var left: Moment?
        /// It was asked to end, or is about to be: it goes back only where fewer than `MIN_BACKENDS` answer without it.
        package var isStopOrdered: Bool
        /// It takes no requests any more, or was asked to end.
        package var hasBegun: Bool { left != nil || isStopOrdered }

        package init(left: Moment? = nil, isStopOrdered: Bool = false) {
            self.left = left
            self.isStopOrdered = isStopOrdered
        }
    }

    /// Steps up that failed, one after the other.
    package struct BackOff: Equatable, Sendable, Codable {
        package let failures: Int
        package let since: Moment

        package init(failures: Int, since: Moment) {
            self.failures = failures
            self.since = since
        }

        /// 1, 2, 4, 8, 16, 30, 30 … minutes.
        package var delay: Duration { Self.delay(after: failures) }

        static func delay(after failures: Int) -> Duration {
            .seconds(60 * min(30, 1 << min(max(failures, 1) - 1, 5)))
        }
    }

    package var lastStep: Step?
    package var operation: Operation?
    package var streak = Streak()
    package var backOff: BackOff?
    /// By the backend's name.
    package var backends: [String: Memory] = [:]
    /// Publications that failed, one after the other.
    package var publishing: PublicationBackOff?
    /// The last run held a step up back because it repaired or published; the next one does not.
    package var hasHeldBack: Bool?
    /// Backends that were ready and died young, one after the other.
    package var earlyLosses: Int?
    /// When the last run that decided began; `nil` once one could not.
    package var lastRun: Moment?
    /// Milliseconds from the run before that one to it.
    package var interval: Int?

    package init() {}

    /// The same with every stamp that lies in the future set to now, so that none of them waits for ever.
    package func correctingFutureStamps(at now: Moment) -> ScalingHistory {
        var copy = self
        if let step = lastStep, step.time.isFuture(at: now) {
            copy.lastStep = Step(direction: step.direction, time: now)
        }
        if let left = operation?.left, left.isFuture(at: now) { copy.operation?.left = now }
        if let backOff, backOff.since.isFuture(at: now) {
            copy.backOff = BackOff(failures: backOff.failures, since: now)
        }
        if let publishing, publishing.since.isFuture(at: now) { copy.publishing?.since = now }
        for (name, memory) in backends {
            if memory.startingSince?.isFuture(at: now) == true { copy.backends[name]?.startingSince = now }
            if memory.readySince?.isFuture(at: now) == true { copy.backends[name]?.readySince = now }
            if memory.departure?.left?.isFuture(at: now) == true { copy.backends[name]?.departure?.left = now }
        }
        return copy
    }

    /// Backends become ready and die young, one after the other.
    package var isCrashLoop: Bool { (earlyLosses ?? 0) > 1 }

    /// One more failed start: further steps up back off.
    package mutating func recordFailedStart(at now: Moment) {
        backOff = BackOff(failures: (backOff?.failures ?? 0).counted, since: now)
    }
}
