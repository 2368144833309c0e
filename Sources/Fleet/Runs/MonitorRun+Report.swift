import Decisions
import Reporting
import Settings

extension MonitorRun {
    /// How many backends count now that the run has acted.
    mutating func sayActive(_ fleet: FleetAtWork, _ plan: RepairPlan) {
        let draining = fleet.history.operation?.direction == .down ? fleet.history.operation?.backend : nil
        var names = Set(plan.counted.map(\.name)).union(fleet.serving.map(\.name)).union(fleet.started.map(\.name))
        if let draining { names.remove(draining) }
        record.activeBackends = names.count
        log.say(.activeBackends(names.count))
    }

    /// The plan of a dry run: what a real run would carry out, in its order.
    func planned(_ decided: Decided) throws(RunFailure) -> RunRecord.Plan {
        let plan = decided.plan
        var actions = plan.remove.map { action("remove", $0.name) }
        actions += plan.restart.map { action("start_again", $0.name) }
        actions += decided.newNames.prefix(plan.start).map { action("start", $0) }
        actions += plan.retire.map { action("remove", $0.name) }
        switch plan.drain {
        case .stop(let backend, _) where decided.step != .takeBack(backend):
            actions.append(action("stop", backend.name))
        case .cancel(let backend): actions.append(action("take_back", backend.name))
        default: break
        }
        var serving = plan.ready
        switch decided.step {
        case .start: actions.append(action("step_up", decided.newNames[plan.start]))
        case .takeBack(let backend):
            actions.append(action("take_back", backend.name))
            serving.append(backend)
        case .drain(let backend):
            actions.append(action("drain", backend.name))
            serving.removeAll { $0 == backend }
        case nil: break
        }
        let wanted = upstream.configuration(for: serving)
        return RunRecord.Plan(
            actions: actions, upstreamChanges: try differs(wanted, decided.live), upstream: wanted?.text)
    }

    private func action(_ code: String, _ name: String) -> Explained {
        let language = configuration.language
        let verb =
            switch code {
            case "remove": language.choose("remove", "eliminar")
            case "start_again": language.choose("start again", "arrancar de nuevo")
            case "start": language.choose("start", "arrancar")
            case "stop": language.choose("stop", "detener")
            case "take_back": language.choose("take back into the upstream", "devolver al upstream")
            case "step_up": language.choose("scale up: start", "ampliar: arrancar")
            default: language.choose("scale down: drain", "reducir: drenar")
            }
        return .init(code: code, text: "\(verb) \(name)")
    }
}
