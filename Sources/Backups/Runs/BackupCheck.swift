import Decisions
package import Host
package import Logging
package import Reporting
package import Settings
import SystemPackage

/// `backup verify`: reads backups again, to their end, and writes down what it found.
package struct BackupCheck {
    package enum Scope: Equatable, Sendable {
        case newest
        case named(String)
        case all
    }

    private var session: BackupSession

    package init(
        _ configuration: Configuration, logger: Logger, interruption: Interruption,
        progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
    ) {
        session = BackupSession(configuration, logger: logger, interruption: interruption, progress: progress)
    }

    package consuming func run(_ scope: Scope) async -> BackupCheckReport {
        var report = BackupCheckReport()
        do throws(BackupFailure) {
            let lock = try await session.lock()
            let backups = try await chosen(scope)
            let programs = try await PostgresPrograms.find(session.settings.dumpProgram)
            for backup in backups {
                try session.stopIfInterrupted()
                report.backups.append(try await check(backup, programs))
            }
            lock.release()
        } catch {
            session.fail(error)
        }
        report.events = session.log.events
        report.exitStatus = session.exitStatus
        return report
    }

    private func chosen(_ scope: Scope) async throws(BackupFailure) -> [StoredBackup] {
        let all = try session.backups()
        let owner = try await session.owner()
        let counted = all.filter { owner.counts($0) }
        switch scope {
        case .all where !counted.isEmpty: return counted
        case .newest where !counted.isEmpty:
            let now = Moment.now().wall
            return [counted.first { $0.name.time <= now } ?? counted[0]]
        case .all, .newest: throw session.noBackups(owner, among: all)
        case .named(let name):
            let backup = try session.backup(name, among: all)
            try session.refuseForeign(backup, owner)
            return [backup]
        }
    }

    private mutating func check(
        _ backup: StoredBackup, _ programs: PostgresPrograms
    ) async throws(BackupFailure) -> BackupCheckReport.Entry {
        let name = backup.name.description
        guard var manifest = backup.manifest else {
            if case .unknown(let flaw) = backup.standing { session.fail(.damaged(name: name, flaw)) }
            return .init(name: name, isGood: false)
        }
        let begin = ContinuousClock.now
        do throws(BackupFailure) {
            if case .broken(_, let flaw) = backup.standing, manifest.damage == nil {
                throw .notWhole(name: name, flaw)
            }
            try await read(&manifest, programs)
            if manifest.verification?.method != .restored {  // which says more, and stays
                manifest.verification = .init(.read, at: Moment.now().wall)
            }
            manifest.damage = nil
            session.log.say(
                .verified(
                    name: name, tables: manifest.tables.count, rows: manifest.rows, seconds: begin.secondsAgo))
        } catch {
            try session.stopIfInterrupted()
            guard let flaw = error.flaw else { throw error }
            manifest.verification = nil
            manifest.damage = error.sentence(in: session.configuration.language)
            session.fail(.damaged(name: name, flaw))
        }
        try rethrow(try session.folder.save(manifest, as: backup.name), as: BackupFailure.file)
        return .init(name: name, isGood: manifest.damage == nil)
    }

    /// The checksum first: where the bytes are others, what `pg_restore` makes of them is of no interest.
    private func read(_ manifest: inout BackupManifest, _ programs: PostgresPrograms) async throws(BackupFailure) {
        let reader = session.reader(programs)
        try session.checkVersion(manifest, programs)
        for file in manifest.files {
            let (sha256, bytes) = try await reader.checksum(of: session.folder.path.appending(file.name)).get()
            guard sha256 == file.sha256, bytes == file.bytes else { throw .altered(name: file.name) }
        }
        if manifest.isEncrypted, session.settings.identityFile == nil { throw .noIdentity(name: manifest.dump.name) }
        let size = manifest.dump.bytes
        let contents = try await reader.read(
            session.folder.path.appending(manifest.dump.name), isEncrypted: manifest.isEncrypted,
            watch: session.watch(.verifying) { size })
        let isFirstReading = manifest.verification == nil && manifest.tables.isEmpty
        // Manifests without an encoding have names in other encodings than UTF-8 spoilt.
        let isSame =
            manifest.encoding == nil
            ? contents.tables.map(\.rows) == manifest.tables.map(\.rows) : contents.tables == manifest.tables
        guard contents.sha256 == manifest.dump.sha256, isFirstReading || isSame else {
            throw .altered(name: manifest.dump.name)
        }
        manifest.tables = contents.tables
        manifest.encoding = contents.encoding
    }
}

extension BackupFailure {
    /// What it says of the backup; `nil` where it says nothing of it.
    fileprivate var flaw: BackupFlaw? {
        switch self {
        case .altered, .unreadable: .read(self)
        case .notWhole(_, let flaw): flaw
        default: nil
        }
    }
}

/// What `backup verify` found.
package struct BackupCheckReport: Codable, Equatable, Sendable {
    package struct Entry: Codable, Equatable, Sendable {
        package let name: String
        package let isGood: Bool
    }

    package var backups: [Entry] = []
    package var events: [Explained] = []
    package var exitStatus: Int32 = 0
}
