import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// Says what the course has to say beside its effects.
    mutating func tell(_ note: FleetNote, _ progress: Progress) async {
        switch note {
        case .neverReady(let backend): await sayLastWords(of: backend)
        case .endedEarly(let backend): await sayEnded(backend)
        case .notReadyYet(let backend, let health):
            log.say(.notReadyYet(backend.name, after: configuration.readyWait, health: health))
        case .noneReady: log.say(.notice(.noneReady))
        case .unpublished: sayUnpublished(progress)
        case .takenBack(let backend): log.say(.takenBack(backend.name))
        case .draining(let backend): log.say(.draining(backend.name))
        case .created: log.say(.created)
        case .stillDraining(let backend, let remaining): log.say(.stillDraining(backend.name, remaining: remaining))
        case .stillBusy(let backend, let connections): log.say(.stillBusy(backend.name, connections: connections))
        case .stillConnected(let backend, let connections):
            log.say(.stillConnected(backend.name, connections: connections))
        case .active(let count):
            record.activeBackends = count
            log.say(.activeBackends(count))
        case .interrupted:
            if let signal = interruption.signal { fail(.interrupted(signal)) }
        }
    }

    /// What one that was never ready said last goes with it: in the log, and in the alert that it came to nothing.
    private mutating func sayLastWords(of backend: Backend) async {
        guard let words = await target.keepsOutput?.lastWords(of: backend, before: deadline) else { return }
        log.say(.lastWords(backend.name, words))
        findings.add(
            .init(.stepFailed, "never_ready", severity: .critical, text: words.sentence(in: configuration.language)))
    }

    private mutating func sayEnded(_ backend: Backend) async {
        fail(.start(backend.name, .endedEarly(await target.keepsOutput?.lastWords(of: backend, before: deadline))))
    }

    /// The run could not do what it should, though it did not even try.
    private mutating func sayUnpublished(_ progress: Progress) {
        let wait = publicationWait(progress.state.history, progress.live)
        fail(.unpublished(failures: wait?.failures ?? 1, remaining: wait?.remaining ?? .zero))
    }
}
