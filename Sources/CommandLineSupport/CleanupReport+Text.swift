package import Cleaning
package import Decisions
import Host
import Reporting

extension CleanupReport {
    /// What `cleanup --dry-run` prints: what goes first, then what stays.
    package func planText(in language: Language) -> String {
        let kept = entries.filter { $0.action == .keep }
        let rows = (planned + kept).map { entry in
            [
                CleanupPlanWord.action(entry.action).sentence(in: language), entry.kind.sentence(in: language),
                entry.name.escapingControls(),
                entry.bytes.map { "\(ByteCount($0))" } ?? "?", entry.reason.text.escapingControls(),
            ]
        }
        let summary = CleanupPlanWord.summary(effects: planned.count, bytes: plannedBytes, kept: kept.count)
            .sentence(in: language)
        return rows.isEmpty ? summary : TextColumns.aligned(rows) + "\n" + summary
    }
}
