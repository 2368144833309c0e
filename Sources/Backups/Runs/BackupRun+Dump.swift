import Decisions
import Host
import Reporting
import Settings
import SystemPackage

extension BackupRun {
    mutating func write(
        _ parts: BackupParts, with dump: DatabaseDump, _ server: DatabaseServer, holding lock: FileDescriptor
    ) async throws(BackupFailure) {
        let begin = ContinuousClock.now
        try await dump.write(
            to: parts.dump, holding: lock,
            watch: session.watch(.dumping) { BackupFolder.size(of: parts.dump) ?? 0 })
        try session.stopIfInterrupted()
        session.log.say(.dumped(bytes: BackupFolder.size(of: parts.dump) ?? 0, seconds: begin.secondsAgo))
        guard server.canReadRoles else {
            session.log.say(.globalsSkipped(role: server.role))
            return
        }
        do throws(BackupFailure) {
            try await dump.writeGlobals(
                to: parts.globals, database: server.database, holding: lock, watch: session.watch(.dumping) { 0 })
        } catch {
            try? DurableFile.remove(parts.globals)
            try session.stopIfInterrupted()
            if case .file = error { throw error }
            session.fail(.globals(error))
        }
    }

    /// Reads what was written, to its end, and writes down what it is.
    mutating func verified(
        _ parts: BackupParts, _ programs: PostgresPrograms, _ server: DatabaseServer, _ owner: BackupOwner
    ) async throws(BackupFailure) -> BackupManifest {
        let begin = ContinuousClock.now
        let reader = session.reader(programs)
        let canRead = !parts.isEncrypted || settings.identityFile != nil
        let contents: DumpReader.Contents
        if canRead {
            let size = BackupFolder.size(of: parts.dump) ?? 0
            contents = try await reader.read(
                parts.dump, isEncrypted: parts.isEncrypted, watch: session.watch(.verifying) { size })
        } else {
            let (sha256, bytes) = try await reader.checksum(of: parts.dump).get()
            contents = .init(sha256: sha256, bytes: bytes, tables: [])
        }
        try session.stopIfInterrupted()
        var manifest = BackupManifest(
            database: server.database, time: WallClock.utc(parts.name.time),
            durationMilliseconds: session.elapsedMilliseconds,
            dump: .init(name: parts.dumpName, bytes: contents.bytes, sha256: contents.sha256),
            globals: try await globals(parts, reader), isEncrypted: parts.isEncrypted, serverVersion: server.version,
            dumpVersion: programs.version, tables: contents.tables,
            verification: canRead ? .init(.read, at: Moment.now().wall) : nil)
        manifest.service = owner.service
        if case .known(let identifier) = owner.server { manifest.systemIdentifier = identifier }
        manifest.encoding = contents.encoding
        if canRead {
            session.log.say(
                .verified(
                    name: parts.name.description, tables: manifest.tables.count, rows: manifest.rows,
                    seconds: begin.secondsAgo))
        } else {
            session.log.say(.notVerified(name: parts.name.description))
        }
        return manifest
    }

    private func globals(
        _ parts: BackupParts, _ reader: DumpReader
    ) async throws(BackupFailure) -> BackupManifest.StoredFile? {
        guard BackupFolder.size(of: parts.globals) != nil else { return nil }
        let (sha256, bytes) = try await reader.checksum(of: parts.globals).get()
        return .init(name: parts.globalsName, bytes: bytes, sha256: sha256)
    }

    func keep(_ parts: BackupParts, _ manifest: BackupManifest) throws(BackupFailure) {
        try rethrow(try parts.keep(manifest), as: BackupFailure.file)
    }

    /// Removes what the rules keep no longer; nothing in a run of which any part failed.
    mutating func thinOut(_ owner: BackupOwner) throws(BackupFailure) {
        let stored = try session.backups()
        let planned = PlannedBackups(stored, of: owner, policy: settings.retention, at: Moment.now().wall)
        report.kept = planned.backups.count
        session.nameOthers(owner, in: stored)
        session.nameFuture(planned.plan)
        guard session.failure == nil else { return }
        report.removed = try session.remove(planned.plan, from: planned.backups)
        report.kept -= report.removed.count
    }
}

extension BackupSession {
    /// A backup of the future is none, until that time: it is named, because somebody has to look at the clock.
    mutating func nameFuture(_ plan: RetentionPlan) {
        for entry in plan.entries where entry.reasons.contains(.inFuture) {
            log.say(.inFuture(name: entry.backup.name, time: WallClock.utc(entry.backup.time)))
        }
    }

    /// Carries a plan out, oldest first.
    /// - Returns: the names of what was removed.
    mutating func remove(_ plan: RetentionPlan, from backups: [StoredBackup]) throws(BackupFailure) -> [String] {
        var removed: [String] = []
        for name in plan.removed {
            guard let backup = backups.first(where: { $0.name.description == name }) else { continue }
            try stopIfInterrupted()
            try rethrow(try folder.remove(backup.name), as: BackupFailure.file)
            removed.append(name)
            log.say(.removed(name: name, bytes: backup.manifest?.bytes ?? 0))
        }
        return removed
    }
}
