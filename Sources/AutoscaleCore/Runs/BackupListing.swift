package import Decisions
import SystemPackage

/// What `backup list` shows: every backup, and what the next retention would do with it. Takes no lock, changes nothing.
package struct BackupListing: Codable, Equatable, Sendable {
    package struct Entry: Codable, Equatable, Sendable {
        package let name: String
        package let database: String
        /// ISO 8601, UTC.
        package let time: String
        package let ageSeconds: Int
        package let bytes: Int?
        package let rows: Int?
        package let isEncrypted: Bool?
        package let verification: BackupManifest.Verification?
        package let uploadedTo: String?
        /// What is wrong with it.
        package let problem: String?
        package let isKept: Bool
        package let keptBecause: [RunRecord.Explained]
        /// When the last of its periods is over, if a backup is made in each of them: ISO 8601, UTC.
        package let keptUntil: String?
    }

    /// Where they lie.
    package let folder: String
    /// Newest first, one database after the other.
    package let backups: [Entry]
    /// The same of the store; only where it was asked for beside this one.
    package var elsewhere: [BackupListing]?

    package init(_ configuration: Configuration, at now: Moment = .now()) throws(BackupFailure) {
        let stored: [StoredBackup]
        do throws(FileFailure) {
            stored = try BackupFolder(configuration.backup.folder).backups()
        } catch {
            throw .file(error)
        }
        self.init(
            stored, in: configuration.backup.folder.string, policy: configuration.backup.retention, at: now,
            language: configuration.language)
    }

    init(_ stored: [StoredBackup], in folder: String, policy: RetentionPolicy, at now: Moment, language: Language) {
        self.folder = folder
        backups = PlannedBackups.ofEachDatabase(stored, policy: policy, at: now.wall).flatMap { planned in
            let byName = Dictionary(uniqueKeysWithValues: planned.backups.map { ($0.name.description, $0) })
            return planned.plan.entries.compactMap { entry in
                byName[entry.backup.name].map { Entry($0, entry, now: now, language: language) }
            }
        }
    }
}

extension BackupListing.Entry {
    fileprivate init(_ stored: StoredBackup, _ entry: RetentionPlan.Entry, now: Moment, language: Language) {
        let manifest = stored.manifest
        name = stored.name.description
        database = stored.name.database
        time = WallClock.utc(stored.name.time)
        ageSeconds = now.wall - stored.name.time
        bytes = manifest?.bytes
        rows = manifest.flatMap { $0.tables.isEmpty ? nil : $0.rows }
        isEncrypted = manifest?.isEncrypted
        verification = manifest?.verification
        uploadedTo = manifest?.upload?.url
        problem =
            switch stored.standing {
            case .whole: nil
            case .broken(_, let why), .unknown(let why): why
            }
        isKept = entry.isKept
        keptBecause = entry.reasons.map { .init(code: $0.code, text: $0.sentence(in: language)) }
        keptUntil = entry.until.map(WallClock.utc)
    }
}
