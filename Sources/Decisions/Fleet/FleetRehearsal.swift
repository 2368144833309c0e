/// What a run would do if nothing failed, for a dry run: the effects of its course, each answered at once and as hoped.
package struct FleetRehearsal: Equatable, Sendable {
    package struct Entry: Equatable, Sendable, Catalogue {
        package let action: PlannedAction
        package let backend: String
    }

    package private(set) var entries: [Entry] = []
    /// What NGINX would be given.
    package private(set) var serving: [Backend]

    init(_ course: FleetCourse) {
        var course = course
        serving = course.serving
        if case .cancel(let backend) = course.plan.drain { add(.takeBack, backend.name) }
        while let effect = course.next() {
            note(effect, course)
            course.happened(course.hopedFor(effect), at: course.now)
        }
        serving = course.serving
    }

    private mutating func add(_ action: PlannedAction, _ backend: String) {
        entries.append(Entry(action: action, backend: backend))
    }

    private mutating func note(_ effect: FleetEffect, _ course: FleetCourse) {
        switch effect {
        case .remove(let backend):
            let isEnding = entries.last.map { $0.backend == backend.name } ?? false  // said with its end
            if !isEnding { add(.remove, backend.name) }
        case .end(let ending):
            let isStep = course.step == .drain(ending.backend)
            add(isStep || ending.backend == course.plan.drain.backend ? .stop : .remove, ending.backend.name)
        case .restart(let backend): add(.startAgain, backend.name)
        case .start(let name, _): add(course.history.operation?.backend == name ? .stepUp : .start, name)
        case .tell(.takenBack(let backend)): add(.takeBack, backend.name)
        case .tell(.draining(let backend)): add(.drain, backend.name)
        case .save, .remember, .tell, .awaitReady, .compare, .publish, .countConnections, .lookAgain, .conclude: break
        }
    }
}

/// One thing that a run would do to a backend.
package enum PlannedAction: String, Codable, CaseIterable, Sendable {
    case remove
    case startAgain = "start_again"
    case start
    case stop
    case takeBack = "take_back"
    case stepUp = "step_up"
    case drain

    /// Whether there is a backend afterwards whose address is not known before.
    package var startsBackend: Bool {
        switch self {
        case .start, .startAgain, .stepUp: true
        case .remove, .stop, .takeBack, .drain: false
        }
    }
}

extension FleetCourse {
    package func rehearsed() -> FleetRehearsal { FleetRehearsal(self) }

    /// How an effect goes where all goes well. Where a new backend will answer is not known: it has no address.
    fileprivate func hopedFor(_ effect: FleetEffect) -> FleetEvent {
        switch effect {
        case .save, .remember, .tell, .remove, .publish, .end, .conclude: .done
        case .restart(let backend): .started(backend)
        case .start(let name, _):
            .started(
                Backend(
                    id: name, name: name, origin: .managed(operation: name), created: now.wall, activity: .running,
                    address: nil))
        case .awaitReady(let backends): .awaited(backends.map { Arrival($0, .ready) })
        case .compare: .compared(differs: true)
        case .countConnections: .counted(0)
        case .lookAgain: .seen(served ?? [])
        }
    }
}
