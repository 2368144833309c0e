import Decisions
import Fleet
package import Host
package import Logging
import Reporting
package import Settings
import SystemPackage

/// One `cleanup`: lock, look, plan, show, remove, report; one kind of thing after the other, each planned by itself.
///
/// What one part can't do (Docker is away, say) is said and left out, and the others go on.
package struct CleanupRun {
    let configuration: Configuration
    let logger: Logger
    let interruption: Interruption
    let isDryRun: Bool
    /// How long the container step waits for the monitor's lock.
    let lockPatience: Duration
    let now: Moment
    let stateFile: StateFile
    /// Where containers of this service may be; `nil` where its target makes none.
    let ours: Leftovers.Containers?
    var log: RunLog<CleanupMessage>
    var report: CleanupReport
    /// What it failed by first; a signal's end comes before all.
    private var failure: CleanupFailure?
    private(set) var hasLookedAtDisks = false
    var hasCriticalDisk = false

    package init(
        _ configuration: Configuration, logger: Logger, interruption: Interruption, isDryRun: Bool = false,
        lockPatience: Duration = .seconds(60)
    ) {
        self.configuration = configuration
        self.logger = logger
        self.interruption = interruption
        self.isDryRun = isDryRun
        self.lockPatience = lockPatience
        now = .now()
        stateFile = StateFile(configuration.stateFile)
        ours = configuration.leftovers.containers
        log = RunLog(logger, language: configuration.language)
        report = CleanupReport(time: WallClock.utc(now.wall), isDryRun: isDryRun)
    }

    package consuming func run() async -> CleanupReport {
        guard !isDryRun else { return await withoutAlerts() }
        let alerts = AlertDispatch(configuration, for: .cleanup)
        alerts.begin()
        await work()
        let problems = await alerts.finish(
            .cleanupFailed, failure: failure, events: log.events, also: diskFindings)
        for problem in problems { log.say(.alertUntold(problem)) }
        return finished()
    }

    private consuming func withoutAlerts() async -> CleanupReport {
        await work()
        return finished()
    }

    private consuming func finished() -> CleanupReport {
        report.events = log.events
        report.exitStatus = (failure?.exitStatus ?? .done).rawValue
        report.durationMilliseconds = Int(now.elapsed(until: .now()) / .milliseconds(1))
        return report
    }

    private mutating func work() async {
        do throws(CleanupFailure) {
            let lock = try takeLock()
            _ = try state()
            if !isDryRun { log.say(.started) }
            try await cleanDocker()
            try await cleanLogs()
            try await cleanHistory()
            try await cleanStateFolder()
            try await cleanBackups()
            lookAtDisks()
            hasLookedAtDisks = true
            if !isDryRun { log.say(.done(things: report.done, bytes: report.freedBytes)) }
            lock?.release()
        } catch {
            fail(error)
        }
    }

    var policy: CleanupPolicy { configuration.cleanup.policy }

    // MARK: Lock and state

    /// A dry run takes none and makes nothing.
    private func takeLock() throws(CleanupFailure) -> RunLock? {
        let path = configuration.places.cleanupLock
        try rethrow(try stateFile.checkOwnership(at: now), as: CleanupFailure.unsafe)
        try rethrow(try FileOwnership.check(path, followsFolderOwner: true), as: CleanupFailure.unsafe)
        if isDryRun { return nil }
        try rethrow(
            try DurableFile.makeFolder(stateFile.folder, mode: .ownerReadWriteExecute), as: CleanupFailure.file)
        do throws(RunLock.Failure) {
            return try RunLock(path)
        } catch {
            throw CleanupFailure(lock: error)
        }
    }

    /// A file of a newer version, or of another service, ends the run before it has touched anything.
    func state() throws(CleanupFailure) -> StateFile.Loaded {
        try rethrow(try stateFile.load(for: configuration.service), as: CleanupFailure.state)
    }

    // MARK: Carrying a plan out

    /// What came of one effect.
    enum Outcome {
        case removed(freed: Int?)
        case rotated(to: String)
        case compressed(freed: Int)
        /// In these words of Docker's.
        case inUse(says: String)
        case stillWritten
    }

    /// Of things that are removed or stay.
    mutating func carryOut(
        _ plan: CleanupPlan, remove: (CleanupPlan.Entry) async throws(CleanupFailure) -> Outcome?
    ) async throws(CleanupFailure) {
        try await carryOut(
            plan,
            doing: { entry throws(CleanupFailure) in
                switch entry.verdict {
                case .remove: try await remove(entry)
                case .keep, .rotate, .compress: nil
                }
            })
    }

    /// Notes a plan and, but for a dry run, carries it out. One effect that fails keeps no other from being tried.
    /// - Parameter effect: does what the verdict says; `nil` where that is nothing.
    mutating func carryOut(
        _ plan: CleanupPlan, doing effect: (CleanupPlan.Entry) async throws(CleanupFailure) -> Outcome?
    ) async throws(CleanupFailure) {
        let first = report.entries.count
        report.entries += plan.entries.map { .init($0, in: configuration.language) }
        if isDryRun { return }
        for entry in plan.entries where entry.isInFuture { log.say(.inFuture(entry.kind, name: entry.name)) }
        for (index, entry) in plan.entries.enumerated() where entry.verdict.action != .keep {
            try stopIfInterrupted()
            do throws(CleanupFailure) {
                if let outcome = try await effect(entry) { note(outcome, of: entry, at: first + index) }
            } catch .interrupted(let signal) {
                throw .interrupted(signal)
            } catch {
                notDone(entry, error)
            }
        }
    }

    private mutating func notDone(_ entry: CleanupPlan.Entry, _ failure: CleanupFailure) {
        switch entry.verdict {
        case .keep: break
        case .remove: fail(.notRemoved(entry.kind, name: entry.name, failure))
        case .rotate: fail(.notRotated(name: entry.name, failure))
        case .compress: fail(.notCompressed(name: entry.name, failure))
        }
    }

    private mutating func note(_ outcome: Outcome, of entry: CleanupPlan.Entry, at index: Int) {
        switch outcome {
        case .removed(let freed):
            log.say(.removed(entry.kind, name: entry.name, bytes: freed))
            count(freed ?? 0, at: index)
        case .rotated(let name):
            log.say(.rotated(name: entry.name, to: name))
            count(0, at: index)
        case .compressed(let freed):
            log.say(.compressed(name: entry.name, freed: freed))
            count(freed, at: index)
        case .inUse(let says): log.say(.inUse(entry.kind, name: entry.name, says: says))
        case .stillWritten: log.say(.stillWritten(name: entry.name))
        }
    }

    private mutating func count(_ freed: Int, at index: Int) {
        report.entries[index].isDone = true
        report.done += 1
        report.freedBytes &+= max(0, freed)
    }

    // MARK: Failing

    func stopIfInterrupted() throws(CleanupFailure) {
        if let signal = interruption.signal { throw .interrupted(signal) }
    }

    /// One part could not be done; the others go on. A signal ends them all.
    mutating func leaveOut(_ part: CleanupMessage.Part, _ failure: CleanupFailure) throws(CleanupFailure) {
        if case .interrupted = failure { throw failure }
        fail(.part(part, failure))
    }

    /// The first failure names the exit status, and the alert.
    private mutating func fail(_ failure: CleanupFailure) {
        if case .interrupted = failure {
            log.say(.interrupted)
            self.failure = failure
        } else {
            log.say(.failed(failure))
            self.failure = self.failure ?? failure
        }
    }
}
