import Connections
import Decisions
import FoundationEssentials
import Host
import Reporting
import Settings

extension BackupRun {
    /// Copies the backup into the store, where one is configured. Where that fails the local one stays as it is, and the run
    /// is partly done: it removes nothing.
    mutating func upload(_ name: BackupName, _ owner: BackupOwner) async throws(BackupFailure) {
        guard settings.upload != nil else { return }
        sayExposedCredentials()
        let (_, manifest) = try await session.backup(named: name.description)
        let uploaded: BackupManifest
        do throws(BackupFailure) {
            try await clearStore(manifest.database, owner)
            uploaded = try await send(manifest, name)
        } catch {
            guard case .upload = error else { throw error }
            return session.fail(error)
        }
        report.uploadedTo = uploaded.upload?.url
        try rethrow(try session.folder.save(uploaded, as: name), as: BackupFailure.file)
    }

    /// - Returns: the manifest as it lies in the store, which says where that is.
    private mutating func send(
        _ manifest: BackupManifest, _ name: BackupName
    ) async throws(BackupFailure) -> BackupManifest {
        let begin = ContinuousClock.now
        let result = try await session.inStore {
            [folder = session.folder, progress = session.progress] store throws(StoreFailure) in
            var manifest = manifest
            manifest.upload = .init(url: store.url(manifest.dump.name), at: Moment.now().wall)
            try store.upload(manifest, as: name, from: folder) { bytes in
                progress(.init(phase: .uploading, bytes: bytes, seconds: begin.secondsAgo))
            }
            return manifest
        }
        let uploaded = try Self.uploaded(result)
        session.log.say(
            .uploaded(url: uploaded.upload?.url ?? "", bytes: uploaded.bytes, seconds: begin.secondsAgo))
        return uploaded
    }

    /// Takes away what runs that were killed left in the store.
    private mutating func clearStore(_ database: String, _ owner: BackupOwner) async throws(BackupFailure) {
        let whole = try session.backups().filter { backup in
            if case .whole = backup.standing { owner.relation(to: backup) == .own } else { false }
        }
        let local = Set(whole.map(\.name))
        let removed = try Self.uploaded(
            await session.inStore { store throws(StoreFailure) in
                try store.removeLeftovers(of: database, local: local) { owner.relation(to: $0) == .own }
            })
        let result = try await session.inStore { store throws(StoreFailure) in
            try store.abortPartialUploads(of: database, local: local)
        }
        var aborted = 0
        switch result {
        case .success(let count): aborted = count
        case .failure(let failure):
            // Not every store shows them, and not everybody who may write may see them.
            session.log.say(.partialUploadsNotSeen(failure))
        }
        if removed + aborted > 0 { session.log.say(.storeLeftoversRemoved(removed + aborted)) }
    }

    private static func uploaded<Value>(_ result: Result<Value, StoreFailure>) throws(BackupFailure) -> Value {
        return try rethrow(try result.get(), as: BackupFailure.upload)
    }

    /// The same rules for the store; nothing in a run of which any part failed.
    mutating func thinOutStore(_ owner: BackupOwner) async throws(BackupFailure) {
        guard report.uploadedTo != nil, session.failure == nil else { return }
        do throws(BackupFailure) {
            let stored = try await session.storedBackups(of: owner.database)
            session.nameOthers(owner, in: stored)
            let planned = PlannedBackups(stored, of: owner, policy: settings.retention, at: Moment.now().wall)
            report.keptInStore = planned.backups.count
            try await session.removeFromStore(
                planned.plan, from: planned.backups, removed: &report.removedFromStore)
            report.keptInStore = planned.backups.count - report.removedFromStore.count
        } catch {
            try session.failPartly(error)
        }
    }

    private mutating func sayExposedCredentials() {
        let credentials = try? StoreCredentials.find(in: ProcessInfo.processInfo.environment)
        if let file = credentials?.file,
            let sentence = session.configuration.exposure(of: file, followingLinks: true)
        {
            session.log.say(.exposure(sentence))
        }
    }
}
