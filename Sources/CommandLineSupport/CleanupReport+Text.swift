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
                entry.action.word(in: language), entry.kind.word(in: language), entry.name.escapingControls(),
                entry.bytes.map { "\(ByteCount($0))" } ?? "?", entry.reason.text.escapingControls(),
            ]
        }
        let summary = language.choose(
            "Would go, be renamed or compressed: \(planned.count), freed: at most \(ByteCount(plannedBytes)); would stay: \(kept.count)",
            "Se eliminarían, renombrarían o comprimirían: \(planned.count), liberados: hasta \(ByteCount(plannedBytes)); se quedarían: \(kept.count)"
        )
        return rows.isEmpty ? summary : TextColumns.aligned(rows) + "\n" + summary
    }
}

extension CleanupPlan.Action {
    fileprivate func word(in language: Language) -> String {
        switch self {
        case .keep: language.choose("keep", "conservar")
        case .remove: language.choose("remove", "eliminar")
        case .rotate: language.choose("rename", "renombrar")
        case .compress: language.choose("compress", "comprimir")
        }
    }
}
