extension FleetCourse {
    /// What may come on a course. The whole of it, in its order, is `wholeCourse`.
    enum Station: Equatable, Sendable {
        case intendRepairs
        case remember
        // Repairs
        case remove(Backend)
        case tellNGINX
        case restart(Backend)
        case start(String)
        case awaitReady
        case settle(Arrival)
        // One publication
        case compare(Publication)
        case publish(Publication)
        case carryOn(Publication)
        // One step
        case step
        case intend(Step)
        case take(Step)
        case present(Backend)
        // Whatever leaves
        case dismiss(Backend)
        case goOnDraining
        case lookAgain(FleetEffect.Ending)
        case order(FleetEffect.Ending)
        case end(FleetEffect.Ending)
        // Anywhere
        case tell(FleetNote)
        case save
        case close
        case conclude
    }

    /// What a station asks for; `nil` where there is nothing to do, or others were put in front instead.
    mutating func enter(_ station: Station) -> FleetEffect? {
        switch station {
        case .intendRepairs: return intendRepairs()
        case .remember: return .remember(plan.standings.map(\.backend))
        case .remove(let backend): return unlessInterrupted(.remove(backend))
        case .tellNGINX: tellNGINX()
        case .restart(let backend): return unlessInterrupted(.restart(backend))
        case .start(let name): return unlessInterrupted(start(name))
        case .awaitReady: return awaitReady()
        case .settle(let arrival): settle(arrival)
        case .compare(let publication): return compare(publication)
        case .publish(let publication): return publish(publication)
        case .carryOn(let publication): carryOn(publication)
        case .step: beginStep()
        case .intend(let step): return intend(step)
        case .take(let step): return take(step)
        case .present(let backend): present(backend)
        case .dismiss(let backend): return dismiss(backend)
        case .goOnDraining: goOnDraining()
        case .lookAgain(let ending): return .lookAgain(before: ending)
        case .order(let ending): return order(ending)
        case .end(let ending): return .end(ending)
        case .tell(let note): return .tell(note)
        case .save: return .save(history)
        case .close: close()
        case .conclude: return .conclude(history)
        }
        return nil
    }

    /// What follows from how its effect went. Whatever is not provided for leaves the rest to the next run.
    mutating func leave(_ station: Station, _ event: FleetEvent) {
        switch (station, event) {
        case (.tell, _), (.conclude, _): break
        case (.intendRepairs, .done), (.remember, .done), (.save, .done): break
        case (.intend(let step), .done): putFirst(.take(step))
        case (.intendRepairs, _), (.remember, _), (.intend, _): giveUp()
        case (.remove(let backend), .done): forget(backend)
        case (.remove, .refused), (.remove, .timedOut): break
        case (.restart, .started(let backend)), (.start, .started(let backend)): newcomers.append(backend)
        // It stays remembered as starting: the next run counts it as failed, removes it and starts another.
        case (.restart, .refused): break
        case (.start(let name), _): startFailed(name, event)
        case (.awaitReady, .awaited(let arrivals)):
            agenda.insert(contentsOf: arrivals.map { .settle($0) } + [.save], at: 0)
        case (.compare(let publication), _): compared(publication, event)
        case (.publish(let publication), _): published(publication, event)
        case (.take(.start), _): startedForStep(event)
        case (.dismiss(let backend), .counted(let connections)): counted(connections, of: backend)
        case (.lookAgain(let ending), .seen(let served)): saw(served, before: ending)
        case (.lookAgain(.stop), .unseen): break
        case (.order(let ending), .done): putFirst(.end(ending))
        case (.end(let ending), .done): putFirst(.remove(ending.backend))
        case (.end, .refused), (.end, .timedOut): break
        default: breakOff()
        }
    }
}
