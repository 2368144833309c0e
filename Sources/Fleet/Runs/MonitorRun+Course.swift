import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// What is carried from one effect to the next.
    struct Progress {
        /// What a save writes: the memory as it is by now, with what the sources of readings remember of the last run until this
        /// one is over. One that is killed is on no record, and is measured again.
        var state: State
        /// What NGINX was last seen to serve.
        var live: LiveUpstream?
        /// Of this run, for the next one.
        let sources: SourceMemories
    }

    /// Carries out what the course asks for, and tells it how that went. The order is the course's.
    mutating func follow(_ course: FleetCourse, _ progress: Progress) async {
        var course = course
        var progress = progress
        while true {
            if interruption.signal != nil { course.happened(.signalled, at: .now(inBootOf: now)) }
            guard let effect = course.next() else { return }
            let event = await carryOut(effect, &progress)
            course.happened(event, at: .now(inBootOf: now))
        }
    }

    private mutating func carryOut(_ effect: FleetEffect, _ progress: inout Progress) async -> FleetEvent {
        switch effect {
        case .save(let history): return save(history, &progress)
        case .remember(let backends): return remember(backends)
        case .tell(let note): await tell(note, progress)
        case .remove(let backend): return await remove(backend)
        case .restart(let backend): return await restart(backend)
        case .start(let name, let served): return await start(name, sparing: served)
        case .awaitReady(let backends): return .awaited(await waitUntilReady(backends))
        case .compare(let backends): return compare(backends, progress)
        case .publish(let backends): return await publish(backends, &progress)
        case .countConnections(let backend): return .counted(await connections(of: backend))
        case .lookAgain(let ending): return lookAgain(before: ending, &progress)
        case .end(let ending): return await end(ending)
        case .conclude(let history): return conclude(history, &progress)
        }
        return .done
    }

    // MARK: Memory

    private mutating func save(_ history: ScalingHistory, _ progress: inout Progress) -> FleetEvent {
        progress.state.history = history
        do throws(FileFailure) {
            try stateFile.save(progress.state)
            return .done
        } catch {
            fail(.file(error))
            return .notWritten
        }
    }

    private mutating func remember(_ backends: [Backend]) -> FleetEvent {
        do throws(TargetError) {
            try target.remembers?.remember(backends)
            return .done
        } catch {
            fail(.target(error))
            return .unavailable
        }
    }

    private mutating func conclude(_ history: ScalingHistory, _ progress: inout Progress) -> FleetEvent {
        noteOutcome(history)
        progress.state.sources = progress.sources
        return save(history, &progress)
    }
}
