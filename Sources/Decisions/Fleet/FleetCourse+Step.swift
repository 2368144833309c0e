extension FleetCourse {
    /// One step at most; where there is none, NGINX gets who is ready here.
    mutating func beginStep() {
        guard isTold else { return breakOff() }
        putFirst(step.map { .intend($0) } ?? .compare(.ready))
    }

    /// The step's intent and its stamp are written before its first effect; the stamp is never taken back.
    mutating func intend(_ step: Step) -> FleetEffect? {
        history.lastStep = .init(direction: step.direction, time: now)
        history.streak = Streak()
        switch step {
        case .start:
            guard let name = names.dropFirst(plan.start).first else { break }
            history.operation = .init(direction: .up, backend: name)
            history.backends[name] = .init(startingSince: now)
        case .takeBack: history.operation = nil
        case .drain(let victim): history.operation = .init(direction: .down, backend: victim.name)
        }
        return .save(history)
    }

    mutating func take(_ step: Step) -> FleetEffect? {
        switch step {
        case .start: return history.operation.flatMap { unlessInterrupted(start($0.backend)) }
        case .takeBack(let backend):
            serving.append(backend)
            hasChanged = true
            putFirst(.tell(.takenBack(backend)), .compare(.takenBack))
            return nil
        case .drain(let victim):
            putFirst(.compare(.withoutVictim(servingBefore: serving)))
            if plan.policy.sendsRequests { putFirst(.tell(.draining(victim))) }
            serving.removeAll { $0 == victim }
            hasChanged = true
            return nil
        }
    }

    mutating func startedForStep(_ event: FleetEvent) {
        guard let name = history.operation?.backend else { return breakOff() }
        if case .started(let backend) = event {
            newcomers = [backend]
            putFirst(.awaitReady, .present(backend))
        } else {
            startFailed(name, event)
            guard event == .refused else { return }
            history.operation = nil
            putFirst(.compare(.withoutNewcomer))
        }
    }

    /// NGINX gets the new one where it is ready, and what there is to publish without it where it is not.
    mutating func present(_ backend: Backend) {
        let isReady = serving.contains(backend)
        if !isReady { history.operation = nil }
        putFirst(.compare(isReady ? .newcomer(backend) : .withoutNewcomer))
    }

    /// A start that NGINX did not take: only one that it does not send requests to may go; else the next run decides.
    mutating func takeStartBack(_ backend: Backend) {
        history.operation = nil
        history.recordFailedStart(at: now)
        serving.removeAll { $0 == backend }
        breakOff()
        putFirst(.lookAgain(.withdraw(backend)))
    }
}
