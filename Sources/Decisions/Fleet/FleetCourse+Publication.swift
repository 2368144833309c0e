extension FleetCourse {
    /// What NGINX is given, and why: what follows depends on it.
    enum Publication: Equatable, Sendable {
        /// Who is ready, before anything is started and waited for.
        case beforeStarting
        /// Who is ready, where no step follows.
        case ready
        /// With the one that a step has started.
        case newcomer(Backend)
        /// Who is ready, where the step's new one is not.
        case withoutNewcomer
        /// With the one whose drain is over before its time.
        case takenBack
        /// Without the one that is to go.
        case withoutVictim(servingBefore: [Backend])
    }

    mutating func compare(_ publication: Publication) -> FleetEffect? {
        guard plan.policy.sendsRequests else {
            putFirst(.carryOn(publication))
            return nil
        }
        guard serving.contains(where: { $0.address != nil }) else {
            putFirst(.tell(.noneReady), .carryOn(publication))
            return nil
        }
        return .compare(serving)
    }

    mutating func compared(_ publication: Publication, _ event: FleetEvent) {
        guard case .compared(let differs) = event else { return failed(publication, event) }
        if !differs { history.publishing = nil }
        putFirst(differs ? .publish(publication) : .carryOn(publication))
    }

    mutating func publish(_ publication: Publication) -> FleetEffect? {
        guard mayPublish else {
            putFirst(.tell(.unpublished), .carryOn(publication))
            return nil
        }
        guard !isInterrupted else {
            failed(publication, .signalled)
            return breakOffBySignal()
        }
        return .publish(serving)
    }

    mutating func published(_ publication: Publication, _ event: FleetEvent) {
        switch event {
        case .done:
            served = Set(serving.compactMap(\.address))
            history.publishing = nil
            putFirst(.carryOn(publication))
        case .notTaken(let circumstances?):
            history.publishing = .after(history.publishing, circumstances: circumstances, at: now)
            mayPublish = false
            failed(publication, event)
        default: failed(publication, event)
        }
    }

    /// NGINX serves what it should, or is left alone.
    mutating func carryOn(_ publication: Publication) {
        switch publication {
        case .beforeStarting, .ready, .withoutNewcomer, .takenBack: break
        case .newcomer(let backend):
            history.operation = nil
            putFirst(.tell(.created(backend)))
        case .withoutVictim:
            history.operation?.left = clock
            // Nobody has to be told, and there is nothing to wait for.
            if !plan.policy.sendsRequests, case .drain(let victim) = step {
                putFirst(.lookAgain(.stop(victim, cutting: 0)))
            }
        }
    }

    private mutating func failed(_ publication: Publication, _ event: FleetEvent) {
        switch (publication, event) {
        // What is missing is started all the same: it is there once NGINX takes anything.
        case (.beforeStarting, .notTaken): isTold = false
        case (.newcomer(let backend), .notTaken), (.newcomer(let backend), .unavailable): takeStartBack(backend)
        // The victim goes on serving.
        case (.withoutVictim(let servingBefore), _):
            history.operation = nil
            serving = servingBefore
            breakOff()
        default: breakOff()
        }
    }
}
