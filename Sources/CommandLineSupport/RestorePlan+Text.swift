package import Backups
package import Decisions
import Host

extension BackupRestore.Plan {
    package func text(in language: Language, clean: Bool) -> String {
        let verified =
            manifest.drillFailure.map {
                language.choose("the drill of ", "falló el simulacro de ") + $0.time
                    + language.choose(" failed: ", ": ") + $0.why
            }
            ?? manifest.verification.map { language.choose("verified ", "verificada ") + $0.time }
            ?? language.choose("not verified", "sin verificar")
        let target =
            if isNew {
                language.choose("a new database", "una base de datos nueva")
            } else if objects == 0 {
                language.choose("an empty database", "una base de datos vacía")
            } else if clean {
                language.choose(
                    "in the place of what is in it now (tables, views, sequences: \(objects))",
                    "en lugar de lo que contiene (tablas, vistas, secuencias: \(objects))")
            } else {
                language.choose(
                    "not empty (tables, views, sequences: \(objects))",
                    "no vacía (tablas, vistas, secuencias: \(objects))")
            }
        let lines = [
            language.choose("Restore:  ", "Restaurar: ")
                + "\(name), \(ByteCount(manifest.bytes)), "
                + RowsInTables(rows: manifest.rows, tables: manifest.tables.count).words(in: language)
                + ", \(verified)"
        ]
        let whose = foreignService.map {
            language.choose("Of:       ", "De:        ")
                + language.choose("service \($0), not of this one", "el servicio \($0), no de este")
        }
        return
            (lines + [whose].compactMap(\.self) + [
                language.choose("Into:     ", "En:        ") + "\(database) @ \(server), \(target)",
                promise(in: language),
            ]).map { $0.escapingControls() }.joined(separator: "\n")
    }

    /// What a failure leaves, which differs between the two.
    private func promise(in language: Language) -> String {
        isNew
            ? language.choose(
                "It is restored under a scratch name and gets its own when all of it is there: a failure before leaves nothing.",
                "Se restaura con un nombre temporal y recibe el suyo cuando está todo: un fallo antes no deja nada.")
            : language.choose(
                "In one transaction: a failure changes nothing. Stop what writes into it, or its rows will differ.",
                "En una transacción: un fallo no cambia nada. Pare lo que escribe en ella, o sus filas diferirán.")
    }
}
