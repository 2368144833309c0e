package import Backups
package import Decisions
import Host
import Reporting

extension BackupListing {
    /// - Parameter withOthers: other services' follow, not only the lines that count them.
    package func text(in language: Language, withOthers: Bool = false) -> String {
        let shown = backups + (withOthers ? others : [])
        let table =
            shown.isEmpty
            ? language.choose("There is no backup in \(folder)", "No hay copias en \(folder)").escapingControls()
            : TextColumns.aligned(shown.map { $0.cells(in: language) })
        return ([table] + leftAlone).joined(separator: "\n")
    }

    /// What `prune --dry-run` prints; each place under its name where there are several.
    package func planText(in language: Language) -> String {
        guard let elsewhere else { return ownPlanText(in: language) }
        return ([self] + elsewhere).map { listing in
            "\(listing.folder.escapingControls()):\n\(listing.ownPlanText(in: language))"
        }.joined(separator: "\n\n")
    }

    private func ownPlanText(in language: Language) -> String {
        guard !backups.isEmpty else { return text(in: language) }
        let table = TextColumns.aligned(
            backups.map { backup in
                let verb =
                    backup.isKept ? language.choose("keep", "conservar") : language.choose("remove", "eliminar")
                return [
                    verb, backup.name, backup.bytes.map { "\(ByteCount($0))" } ?? "?", backup.reasons(in: language),
                ]
            })
        return ([table] + leftAlone).joined(separator: "\n")
    }
}

extension BackupListing.Entry {
    fileprivate func cells(in language: Language) -> [String] {
        [
            name, ageSeconds < 0 ? language.choose("in the future", "en el futuro") : "\(Age(ageSeconds))",
            bytes.map { "\(ByteCount($0))" } ?? "?",
            verified(in: language), reasons(in: language),
        ]
    }

    private func verified(in language: Language) -> String {
        if let problem { return language.choose("NOT GOOD: ", "NO SIRVE: ") + problem.escapingControls() }
        if let drillFailure {
            return language.choose("DRILL FAILED ", "SIMULACRO FALLIDO ") + drillFailure.time + ": "
                + drillFailure.why.escapingControls()
        }
        return switch verification?.method {
        case .read: language.choose("read in full", "leída entera")
        case .restored: language.choose("restored", "restaurada")
        case nil: language.choose("not verified", "sin verificar")
        }
    }

    fileprivate func reasons(in language: Language) -> String {
        guard isKept else {
            return language.choose("kept by no rule: goes with the next run", "ninguna regla la conserva: se irá")
        }
        let until = keptUntil.map { language.choose(" (until ", " (hasta ") + $0.prefix(10) + ")" } ?? ""
        return keptBecause.map(\.text).joined(separator: ", ") + until
    }
}

/// Cells under each other, two spaces between them.
enum TextColumns {
    static func aligned(_ rows: [[String]]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(
                separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
