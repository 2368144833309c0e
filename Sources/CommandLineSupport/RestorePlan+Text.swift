package import Backups
package import Decisions
import Host

extension BackupRestore.Plan {
    package func text(in language: Language, clean: Bool) -> String {
        let target: RestorePlanWord.Target =
            isNew ? .new : objects == 0 ? .empty : clean ? .cleaned(objects: objects) : .notEmpty(objects: objects)
        let contents = RowsInTables(rows: manifest.rows, tables: manifest.tables.count)
        let lines: [RestorePlanWord?] = [
            .restore(name: name, bytes: manifest.bytes, contents, proof),
            foreignService.map { .of(service: $0) },
            .into(database: database, server: server, target),
            isNew ? .leavesNothing : .changesNothing,
        ]
        return lines.compactMap { $0?.sentence(in: language).escapingControls() }.joined(separator: "\n")
    }

    private var proof: RestorePlanWord.Proof {
        if let failure = manifest.drillFailure { return .drillFailed(when: failure.time, why: failure.why) }
        return manifest.verification.map { .verified(when: $0.time) } ?? .none
    }
}
