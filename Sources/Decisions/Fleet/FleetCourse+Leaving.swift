/// Whatever leaves takes the same way: out of the upstream first, then asked to end, and not while it holds connections, up to
/// `DRAIN_TIMEOUT`. That it does not answer does not mean that it does nothing.
///
/// It comes after the step, which does not depend on it: something that can't be ended must not keep the fleet from growing.
/// One that can't does not stop the rest either.
extension FleetCourse {
    mutating func dismiss(_ backend: Backend) -> FleetEffect? {
        guard isOut(backend) else { return nil }
        guard backend.runs else {
            putFirst(.remove(backend))
            return nil
        }
        var departure = history.backends[backend.name]?.departure ?? .init()
        departure.left = departure.left ?? clock
        history.backends[backend.name]?.departure = departure
        return .countConnections(of: backend)
    }

    mutating func counted(_ connections: Int?, of backend: Backend) {
        let departure = history.backends[backend.name]?.departure ?? .init(left: clock)
        let mayStop = plan.policy.mayStop(
            departure, holding: connections, answers: plan.answers(backend), now: clock)
        putFirst(
            mayStop
                ? .lookAgain(.stop(backend, cutting: connections))
                : .tell(.stillConnected(backend, connections: connections)))
    }

    /// What an earlier run began to drain.
    mutating func goOnDraining() {
        if case .takeBack = step { return }
        switch plan.drain {
        case .none, .cancel: break
        case .leaving(let backend):
            if isOut(backend) { history.operation?.left = clock }
        case .waiting(let backend, let remaining): putFirst(.tell(.stillDraining(backend, remaining: remaining)))
        case .busy(let backend, let connections): putFirst(.tell(.stillBusy(backend, connections: connections)))
        case .stop(let backend, let cut): putFirst(.lookAgain(.stop(backend, cutting: cut)))
        }
    }

    mutating func saw(_ served: Set<ServerAddress>, before ending: FleetEffect.Ending) {
        self.served = served
        if isOut(ending.backend) { putFirst(.order(ending)) }
    }

    /// That it is asked to end is durable before it is: a run that is killed meanwhile, or a target that refuses, must not
    /// bring it back, nor publish one that is about to end. So is an operation, until its backend is gone.
    mutating func order(_ ending: FleetEffect.Ending) -> FleetEffect? {
        let name = ending.backend.name
        switch ending {
        case .stop:
            guard !isInterrupted else { return breakOffBySignal() }
            var departure = history.backends[name]?.departure ?? .init(left: clock)
            departure.isStopOrdered = true
            history.backends[name, default: .init(wasReady: true)].departure = departure
        case .withdraw:
            history.backends[name, default: .init()].departure = .init(left: clock, isStopOrdered: true)
        }
        return .save(history)
    }
}
