@testable import Decisions

extension SimulatedRun {
    /// Carries an effect out wrongly, where a bug is planted that is about it, or does something before it that it should not.
    /// - Returns: `nil` where it is to be carried out as always.
    mutating func misdo(_ effect: FleetEffect, of course: FleetCourse) -> FleetEvent? {
        switch (bug, effect) {
        case (.stopsBeforeDraining, .tell(.draining(let victim))): _ = remove(victim)
        case (.stopsBeforeItIsIdle, .tell(.stillDraining(let backend, _))),
            (.stopsBeforeItIsIdle, .tell(.stillBusy(let backend, _))),
            (.stopsBeforeItIsIdle, .tell(.stillConnected(let backend, _))):
            _ = remove(backend)
        case (.startsTwo, .start(let name, _)) where course.history.operation?.backend == name: _ = start(newName(2))
        case (.publishesNone, .tell(.noneReady)):
            write([])
            self.effect(.reload) { $0.nginx.reload() }
        case (.skipsTheSameFile, .compare(let backends)) where world.nginx.file == Ports(backends):
            return .compared(differs: false)
        case (.doesNotConfirm, .lookAgain): return live.map { .seen($0.servers) } ?? .unseen
        case (.removesServed, .lookAgain): return .seen([])
        case (.killsWhatDoesNotAnswer, .countConnections): return .counted(0)
        case (.keepsCreated, .remove(let backend)) where backend.activity == .created: return .refused
        case (.keepsSick, .remove(let backend)) where isSick(backend, course): return .refused
        case (.keepsSick, .end(let ending)) where isSick(ending.backend, course): return .refused
        case (.forgetsThatItStops, .end(let ending)): forgotten.insert(ending.backend.name)
        case (.letsLeftoversStopSteps, .save(let history))
        where hasFailed && !stepIsIntended && history.lastStep?.time == now:
            return .notWritten
        default: break
        }
        return nil
    }

    private func isSick(_ backend: Backend, _ course: FleetCourse) -> Bool {
        backend.activity != .created && course.history.backends[backend.name]?.wasReady == false
    }
}

extension ScalingHistory {
    /// What a run with a planted bug makes of the memory that it reads.
    func `as`(remembered bug: PlantedBug?) -> ScalingHistory {
        guard bug == .remembersByName else { return self }
        var copy = self
        for name in backends.keys { copy.backends[name]?.incarnation = nil }
        return copy
    }

    /// What a run with a planted bug makes of the memory that it writes.
    func `as`(kept bug: PlantedBug?, without forgotten: Set<String>) -> ScalingHistory {
        var copy = self
        switch bug {
        case .holdsBackForEver: copy.hasHeldBack = nil
        case .forgetsFailedStarts: for name in forgotten { copy.backends[name] = nil }
        case .forgetsThatItStops:
            for name in backends.keys { copy.backends[name]?.departure?.isStopOrdered = false }
            if let operation, forgotten.contains(operation.backend) { copy.operation = nil }
        default: break
        }
        return copy
    }
}
