import Connections
import Decisions
import FoundationEssentials
import Host
import SystemPackage

/// The backups in a store: the same files under the same names, below a prefix.
///
/// The manifest is the last that comes and the last that goes. So one that is alone is what is left of a removal, a dump
/// that is alone is what is left of an upload, and both are known as ours (`removeLeftovers`).
struct BackupStore: Sendable {
    let store: S3Store

    /// Far more than the manifest of a database with a hundred thousand tables.
    private static let longestManifest = 32 << 20

    /// `s3://bucket/prefix/name`
    func url(_ file: String) -> String { "\(store.location.url)/\(file)" }

    private func key(_ file: String) -> String {
        store.location.prefix.isEmpty ? file : "\(store.location.prefix)/\(file)"
    }

    // MARK: There and back

    /// Dump and roles first, the manifest last: once it is there, the backup is.
    /// - Parameter progress: gets how many bytes were sent so far.
    func upload(
        _ manifest: BackupManifest, as name: BackupName, from folder: BackupFolder,
        progress: @escaping @Sendable (Int) -> Void
    ) throws(StoreFailure) {
        var sent = 0
        for stored in manifest.files {
            let before = sent
            try upload(stored, at: folder.path.appending(stored.name)) { progress(before + $0) }
            sent += stored.bytes
        }
        let bytes = StableJSON.bytes(manifest, pretty: true)
        try store.put(bytes, as: key(name.description + BackupFolder.Ending.manifest.rawValue))
    }

    private func upload(
        _ stored: BackupManifest.StoredFile, at path: FilePath, progress: @escaping @Sendable (Int) -> Void
    ) throws(StoreFailure) {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
        } catch {
            throw .file(FileFailure(path: path, action: "open", errno: error as? Errno ?? .ioError))
        }
        defer { try? file.close() }
        try store.put(file, bytes: stored.bytes, sha256: stored.sha256, as: key(stored.name), progress: progress)
    }

    /// All that bear a name of ours, newest first, each with its manifest and its files' lengths compared.
    /// - Parameter database: `nil`: of every one.
    func backups(of database: String? = nil) throws(StoreFailure) -> [StoredBackup] {
        var backups: [StoredBackup] = []
        for (name, files) in try files(of: database) {
            let manifestFile = name.description + BackupFolder.Ending.manifest.rawValue
            let isKnown = files.keys.contains { !$0.hasSuffix(BackupFolder.Ending.globals.rawValue) }
            guard isKnown else { continue }
            let manifest =
                files[manifestFile] == nil ? nil : try store.get(key(manifestFile), upTo: Self.longestManifest)
            backups.append(
                StoredBackup(name: name, standing: .init(of: name, manifest: manifest) { files[$0] }))
        }
        return backups.sorted { ($0.name.time, $0.name.description) > ($1.name.time, $1.name.description) }
    }

    /// Every file of ours by its backup, with its length.
    private func files(of database: String?) throws(StoreFailure) -> [BackupName: [String: Int]] {
        let start = database.map { BackupName.prefix(of: $0) } ?? ""
        let folder = key("")
        var files: [BackupName: [String: Int]] = [:]
        for object in try store.list(prefix: folder + start) where object.key.hasPrefix(folder) {
            let file = object.key.dropFirst(folder.count)
            guard let name = BackupFolder.parse(file)?.name, database == nil || name.database == database else {
                continue
            }
            files[name, default: [:]][String(file)] = object.bytes
        }
        return files
    }

    // MARK: Away

    /// Removes a backup whose manifest is known: the dump first, the manifest last.
    func remove(_ backup: StoredBackup) throws(StoreFailure) {
        guard let manifest = backup.manifest else { return }
        for file in manifest.files { try store.delete(key(file.name)) }
        try store.delete(key(backup.name.description + BackupFolder.Ending.manifest.rawValue))
    }

    /// Removes what uploads and removals that were cut short left of a database: files without their manifest, where the
    /// folder here has that backup, and manifests without their dump. What somebody else put there stays.
    /// - Parameters:
    ///   - local: what is whole here, of this service.
    ///   - isOwn: whether a manifest is of this service; other services and hosts may share the store.
    /// - Returns: how many files that were.
    func removeLeftovers(
        of database: String, local: Set<BackupName>, isOwn: (BackupOrigin) -> Bool
    ) throws(StoreFailure) -> Int {
        var removed = 0
        for (name, files) in try files(of: database) {
            let endings = Set(files.keys.compactMap { BackupFolder.parse($0[...])?.ending })
            let hasDump = endings.contains(.dump) || endings.contains(.encryptedDump)
            guard endings.contains(.manifest) ? !hasDump : local.contains(name) else { continue }
            if endings.contains(.manifest) {
                let file = key(name.description + BackupFolder.Ending.manifest.rawValue)
                guard let bytes = try store.get(file, upTo: Self.longestManifest),
                    let manifest = try? BackupManifest(json: bytes), isOwn(manifest.origin)
                else { continue }
            }
            for file in files.keys { try store.delete(key(file)) }
            removed += files.count
        }
        return removed
    }

    /// Aborts uploads in parts that were cut short, of backups that the folder here has: their parts are billed.
    /// - Returns: how many they were.
    func abortPartialUploads(of database: String, local: Set<BackupName>) throws(StoreFailure) -> Int {
        let folder = key("")
        var aborted = 0
        for upload in try store.partialUploads(prefix: folder + BackupName.prefix(of: database)) {
            guard upload.key.hasPrefix(folder),
                let name = BackupFolder.parse(upload.key.dropFirst(folder.count))?.name, local.contains(name)
            else { continue }
            try store.abort(upload)
            aborted += 1
        }
        return aborted
    }
}
