import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// The plan of a dry run: what a real run would carry out, in its order.
    func planned(_ decided: Decided) throws(RunFailure) -> RunRecord.Plan {
        let rehearsal = decided.course.rehearsed()
        return RunRecord.Plan(
            actions: rehearsal.entries.map { .init(code: $0.action, text: sentence($0)) },
            upstreamChanges: try differs(rehearsal.serving, decided.live),
            upstream: publisher.preview(of: Set(rehearsal.serving.compactMap(\.address))))
    }

    private func sentence(_ entry: FleetRehearsal.Entry) -> String {
        let language = configuration.language
        let verb =
            switch entry.action {
            case .remove: language.choose("remove", "eliminar")
            case .startAgain: language.choose("start again", "arrancar de nuevo")
            case .start: language.choose("start", "arrancar")
            case .stop: language.choose("stop", "detener")
            case .takeBack: language.choose("take back into the upstream", "devolver al upstream")
            case .stepUp: language.choose("scale up: start", "ampliar: arrancar")
            case .drain: language.choose("scale down: drain", "reducir: drenar")
            }
        return "\(verb) \(entry.backend)"
    }
}
