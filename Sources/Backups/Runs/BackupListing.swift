package import Decisions
import Host
package import Reporting
package import Settings
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
        /// The last drill of it did not bring its database back.
        package let drillFailure: BackupManifest.DrillFailure?
        package let uploadedTo: String?
        /// What is wrong with it.
        package let problem: String?
        package let isKept: Bool
        package let keptBecause: [Explained]
        /// When the last of its periods is over, if a backup is made in each of them: ISO 8601, UTC.
        package let keptUntil: String?
        /// Whose it is; `nil` where the manifest does not say.
        package let service: String?
        package let systemIdentifier: String?
        /// Nothing of it is removed by this service, and no command takes it that does not name it.
        package let isOthers: Bool
    }

    /// Where they lie.
    package let folder: String
    /// Newest first: those that count for this service; after them this service's of another database or server.
    package let backups: [Entry]
    /// Other services', newest first.
    package let others: [Entry]
    /// Sentences that name what is left alone.
    package let leftAlone: [String]
    /// The same of the store; only where it was asked for beside this one.
    package var elsewhere: [BackupListing]?

    /// Asks the server whose backups count, and goes on without an answer.
    package static func ofFolder(
        _ configuration: Configuration, at now: Moment = .now()
    ) async throws(BackupFailure) -> BackupListing {
        try BackupListing(configuration, of: try await owner(configuration), at: now)
    }

    static func owner(_ configuration: Configuration) async throws(BackupFailure) -> BackupOwner {
        do throws(DetachedThread.ThreadsExhausted) {
            return try await DetachedThread.value { BackupOwner.find(configuration) }
        } catch {
            throw .program(error.description)
        }
    }

    init(_ configuration: Configuration, of owner: BackupOwner, at now: Moment) throws(BackupFailure) {
        let stored = try rethrow(try BackupFolder(configuration.backup.folder).backups(), as: BackupFailure.file)
        self.init(
            stored, of: owner, in: configuration.backup.folder.string, policy: configuration.backup.retention, at: now,
            language: configuration.language)
    }

    init(
        _ stored: [StoredBackup], of owner: BackupOwner, in folder: String, policy: RetentionPolicy, at now: Moment,
        language: Language
    ) {
        self.folder = folder
        let planned = PlannedBackups(stored, of: owner, policy: policy, at: now.wall)
        let byName = Dictionary(uniqueKeysWithValues: planned.backups.map { ($0.name.description, $0) })
        let counted = planned.plan.entries.compactMap { entry in
            byName[entry.backup.name].map { Entry($0, entry, now: now, language: language) }
        }
        let former = stored.filter { owner.relation(to: $0) == .former }
        backups = counted + former.map { Entry($0, leftAloneAt: now, language) }
        others = stored.filter { owner.relation(to: $0) == .foreign }.map { Entry($0, leftAloneAt: now, language) }
        leftAlone = owner.others(in: stored).map { $0.sentence(in: language) }
    }
}

extension BackupListing.Entry {
    /// One of the plan.
    fileprivate init(_ stored: StoredBackup, _ entry: RetentionPlan.Entry, now: Moment, language: Language) {
        self.init(
            stored, keptBecause: entry.reasons.map { .init(code: $0.code, text: $0.sentence(in: language)) },
            until: entry.until.map(WallClock.utc), isOthers: false, now, language)
    }

    /// One that no plan of this service is about.
    fileprivate init(_ stored: StoredBackup, leftAloneAt now: Moment, _ language: Language) {
        let reason = LeftAlone(origin: stored.origin.escapingControls())
        self.init(
            stored, keptBecause: [.init(code: "others", text: reason.sentence(in: language))], until: nil,
            isOthers: true, now, language)
    }

    private init(
        _ stored: StoredBackup, keptBecause: [Explained], until: String?, isOthers: Bool, _ now: Moment,
        _ language: Language
    ) {
        let manifest = stored.manifest
        name = stored.name.description
        database = stored.name.database
        time = WallClock.utc(stored.name.time)
        ageSeconds = now.wall - stored.name.time
        bytes = manifest?.bytes
        rows = manifest.flatMap { $0.tables.isEmpty ? nil : $0.rows }
        isEncrypted = manifest?.isEncrypted
        verification = manifest?.verification
        drillFailure = manifest?.drillFailure
        uploadedTo = manifest?.upload?.url
        problem =
            switch stored.standing {
            case .whole: nil
            case .broken(_, let flaw), .unknown(let flaw): flaw.sentence(in: language)
            }
        self.keptBecause = keptBecause
        isKept = !keptBecause.isEmpty
        keptUntil = until
        service = manifest?.service
        systemIdentifier = manifest?.systemIdentifier
        self.isOthers = isOthers
    }
}

/// Why a backup that no plan of this service is about stays.
private struct LeftAlone: Catalogue {
    let origin: BackupOrigin

    var english: String {
        [
            origin.service.map { "of service \($0)" }, "database \(origin.database)",
            origin.server.map { "server \($0)" },
        ].compactMap(\.self).joined(separator: ", ") + ": left alone"
    }

    var spanish: String {
        [
            origin.service.map { "del servicio \($0)" }, "base \(origin.database)",
            origin.server.map { "servidor \($0)" },
        ].compactMap(\.self).joined(separator: ", ") + ": no se toca"
    }
}
