import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// The plan of a dry run: what a real run would carry out, in its order.
    func planned(_ decided: Decided) throws(RunFailure) -> RunRecord.Plan {
        let rehearsal = decided.course.rehearsed()
        return RunRecord.Plan(
            actions: rehearsal.entries.map { .init(code: $0.action, text: $0.sentence(in: configuration.language)) },
            upstreamChanges: try differs(rehearsal.serving, decided.live),
            upstream: publisher.preview(of: Set(rehearsal.serving.compactMap(\.address))))
    }
}
