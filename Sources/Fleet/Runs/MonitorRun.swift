import Decisions
package import Host
package import Logging
import Reporting
package import Settings
import SystemPackage

/// One execution of `autoscale monitor`: lock, load, observe, plan, decide, act, record.
///
/// The order of the effects is `FleetCourse`'s; here is one function for each of them. What the next run does after a kill
/// between any two stands in docs/order-of-effects.md.
package struct MonitorRun {
    let configuration: Configuration
    let target: any ScalingTarget
    let publisher: any Publisher
    let stateFile: StateFile
    let interruption: Interruption
    let deadline: Deadline
    let now: Moment
    var log: RunLog<RunMessage>
    var record: RunRecord
    /// What it failed by first.
    private(set) var failure: RunFailure?
    /// For the alerts.
    var findings = AlertFindings()
    /// What somebody else had changed as this run began, in words for when it has been put right.
    var drift: String?
    /// NGINX has confirmed a set of this run.
    var hasPublished = false

    /// A whole run ends within 55 s whatever hangs; what is left after this is for the last file and the last line.
    private static let limit = Duration.seconds(45)

    /// - Throws: `RunFailure` when the backends' environment file can't be used.
    package init(
        _ configuration: Configuration, logger: Logger, interruption: Interruption
    ) throws(RunFailure) {
        self.configuration = configuration
        self.interruption = interruption
        deadline = Deadline(after: Self.limit)
        now = .now()
        log = RunLog(logger, language: configuration.language)
        record = RunRecord(service: configuration.service, start: now, language: configuration.language)
        target = try configuration.makeTarget(for: .acting)
        stateFile = StateFile(configuration.stateFile)
        publisher = configuration.publisher
    }

    /// Carries the run out. What fails is in the record, with its exit status, and was said.
    package consuming func run() async -> RunRecord {
        let alerts = AlertDispatch(configuration, for: .monitor)
        alerts.begin()
        log.say(.started)
        do throws(RunFailure) {
            try checkOwnership()
            try refuseForeignFolder()
            try prepareStateFolder()
            let lock = try takeLock()
            await underLock()
            lock.release()
        } catch {
            fail(error)
        }
        record.events = log.events
        await tell(alerts)
        return finished()
    }

    /// What a real run would do, with nothing touched and no lock taken.
    package consuming func dryRun() async -> RunRecord {
        log.say(.started)
        do throws(RunFailure) {
            try checkOwnership()
            let stored = try load(settingAside: false)
            let world = try await observe(stored, waking: false)
            record.plan = try planned(decide(world, stored))
        } catch {
            fail(error)
        }
        return finished()
    }

    private mutating func underLock() async {
        var undecided: State?
        do throws(RunFailure) {
            stateFile.sweep()
            publisher.sweep()
            let stored = try load(settingAside: true)
            undecided = stored.isLost ? nil : stored.state
            let world = try await observe(stored, waking: true)
            let decided = try decide(world, stored)
            undecided = nil
            noteFindings(world, decided, before: stored.state.history)
            await follow(
                decided.course, .init(state: stored.state, live: world.live, sources: world.sources))
        } catch {
            fail(error)
            forgetStreaks(of: undecided)
        }
        if let signal = interruption.signal { fail(.interrupted(signal)) }
        record.events = log.events
        record.durationMilliseconds = elapsedMilliseconds
        do throws(FileFailure) {
            try stateFile.history.append(record)
        } catch {
            fail(.file(error))
        }
    }

    /// What only consecutive runs add up to ends with one that could not decide. Its own failure is the one that was said.
    private func forgetStreaks(of undecided: State?) {
        guard var state = undecided, state.history.lastRun != nil else { return }
        state.history.lastRun = nil
        try? stateFile.save(state)
    }

    // MARK: Lock and load

    private func checkOwnership() throws(RunFailure) {
        do throws(UnsafeFile) {
            try stateFile.checkOwnership(at: now)
            try publisher.checkOwnership()
        } catch {
            throw .unsafe(error)
        }
    }

    /// Before anything is made in it: a lock, a line of history.
    private func refuseForeignFolder() throws(RunFailure) {
        try rethrow(try stateFile.claim(for: configuration.service), as: RunFailure.state)
    }

    private func prepareStateFolder() throws(RunFailure) {
        try rethrow(
            try DurableFile.makeFolder(stateFile.folder, mode: .ownerReadWriteExecute), as: RunFailure.file)
    }

    private func takeLock() throws(RunFailure) -> RunLock {
        do throws(RunLock.Failure) {
            return try RunLock(stateFile.lock)
        } catch {
            switch error {
            case .held(let path): throw .busy(path: path)
            case .unusable(let failure): throw .file(failure)
            }
        }
    }

    struct Stored {
        var state: State
        /// The state file was unreadable: repairs go on, a step does not.
        let isLost: Bool
    }

    private mutating func load(settingAside: Bool) throws(RunFailure) -> Stored {
        let fresh = State(service: configuration.service)
        do throws(StateFile.Failure) {
            switch try stateFile.load(for: configuration.service) {
            case .none: return Stored(state: fresh, isLost: false)
            case .broken(let why):
                let place = settingAside ? try setStateAside() : stateFile.path.string
                log.sayLater(.stateSetAside(path: place, why: why))
                return Stored(state: fresh, isLost: true)
            case .state(var state):
                let corrected = state.history.correctingFutureStamps(at: now)
                if corrected != state.history { log.sayLater(.stampsCorrected) }
                state.history = corrected.endingStreaks(at: now)
                return Stored(state: state, isLost: false)
            }
        } catch {
            throw .state(error)
        }
    }

    private func setStateAside() throws(StateFile.Failure) -> String {
        try rethrow(try stateFile.setAside(at: now).string, as: StateFile.Failure.unreadable)
    }

    // MARK: Report

    mutating func fail(_ failure: RunFailure) {
        if case .interrupted = failure, record.exitStatus == ExitStatus(failure).rawValue { return }
        log.catchUp()
        if case .publish(.interrupted) = failure {
            sayRolledBack()
            return fail(.interrupted(interruption.signal ?? 15))
        }
        log.say(.failed(failure))
        if case .publish(let publishing) = failure, publishing.leavesLastGood { sayRolledBack() }
        note(failure)
    }

    private mutating func sayRolledBack() {
        guard let path = publisher.file else { return }
        log.say(
            (try? FileOwnership(of: path)) == nil ? .upstreamRemoved(path: path.string) : .rolledBack(path: path.string)
        )
    }

    /// The first failure names the exit status; a signal always does.
    mutating func note(_ failure: RunFailure) {
        var endsRun = self.failure == nil
        if case .interrupted = failure { endsRun = true }
        if endsRun { record.exitStatus = failure.exitStatus.rawValue }
        self.failure = self.failure ?? failure
    }

    private var elapsedMilliseconds: Int {
        Int(now.elapsed(until: .now()) / .milliseconds(1))
    }

    private consuming func finished() -> RunRecord {
        record.events = log.events
        record.durationMilliseconds = elapsedMilliseconds
        return record
    }
}
