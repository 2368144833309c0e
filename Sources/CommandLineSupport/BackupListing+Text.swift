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
            ? BackupListingWord.noBackups(folder: folder).sentence(in: language).escapingControls()
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
                let verb = backup.isKept ? BackupListingWord.keep : .remove
                return [
                    verb.sentence(in: language), backup.name, backup.bytes.map { "\(ByteCount($0))" } ?? "?",
                    backup.reasons(in: language),
                ]
            })
        return ([table] + leftAlone).joined(separator: "\n")
    }
}

extension BackupListing.Entry {
    fileprivate func cells(in language: Language) -> [String] {
        [
            name, ageSeconds < 0 ? BackupListingWord.inFuture.sentence(in: language) : "\(Age(ageSeconds))",
            bytes.map { "\(ByteCount($0))" } ?? "?",
            verified.sentence(in: language), reasons(in: language),
        ]
    }

    private var verified: BackupListingWord {
        if let problem { return .notGood(problem.escapingControls()) }
        if let drillFailure {
            return .drillFailed(when: drillFailure.time, why: drillFailure.why.escapingControls())
        }
        return switch verification?.method {
        case .read: .read
        case .restored: .restored
        case nil: .notVerified
        }
    }

    fileprivate func reasons(in language: Language) -> String {
        guard isKept else { return BackupListingWord.keptByNoRule.sentence(in: language) }
        let until =
            keptUntil.map { " (\(BackupListingWord.until(String($0.prefix(10))).sentence(in: language)))" } ?? ""
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
