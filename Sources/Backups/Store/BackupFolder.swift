package import Decisions
import FoundationEssentials
import Glibc
package import Host
package import SystemPackage

/// A backup as it lies in its folder.
package struct StoredBackup: Equatable, Sendable {
    package enum Standing: Equatable, Sendable {
        case whole(BackupManifest)
        /// A file is missing or has another length than the manifest says.
        case broken(BackupManifest, BackupFlaw)
        /// There is a dump and no manifest that can be read.
        case unknown(BackupFlaw)
    }

    package let name: BackupName
    package let standing: Standing

    package var manifest: BackupManifest? {
        switch standing {
        case .whole(let manifest), .broken(let manifest, _): manifest
        case .unknown: nil
        }
    }

    /// A dump without a manifest is only known by the database in its name.
    package var origin: BackupOrigin {
        manifest?.origin ?? BackupOrigin(service: nil, database: name.database, server: nil)
    }

    /// `nil` where the last drill, of whichever backup, passed; a newer backup that nobody drilled proves nothing.
    package static func lastDrillThatFailed(
        _ backups: [StoredBackup]
    ) -> (name: BackupName, drill: BackupManifest.DrillFailure)? {
        let failed = backups.compactMap { backup in
            backup.manifest?.drillFailure.map { (name: backup.name, drill: $0) }
        }.max { $0.drill.time < $1.drill.time }
        let passed = backups.compactMap { backup in
            backup.manifest?.verification.flatMap { $0.method == .restored ? $0.time : nil }
        }.max()
        guard let failed, failed.drill.time > passed ?? "" else { return nil }
        return failed
    }

    package var age: BackupAge {
        var isVerified = false
        if case .whole(let manifest) = standing { isVerified = manifest.verification != nil }
        return BackupAge(name: name.description, time: name.time, isVerified: isVerified)
    }
}

extension StoredBackup.Standing {
    /// - Parameters:
    ///   - bytes: the manifest's; `nil` where there is none.
    ///   - size: of a file by its name, in bytes; `nil` where there is none.
    package init(of name: BackupName, manifest bytes: [UInt8]?, size: (String) -> Int?) {
        self = Self.find(name, bytes, size)
    }

    private static func find(_ name: BackupName, _ bytes: [UInt8]?, _ size: (String) -> Int?) -> Self {
        guard let bytes else { return .unknown(.noManifest) }
        guard let manifest = try? BackupManifest(json: bytes) else {
            return .unknown(.manifestUnreadable)
        }
        guard manifest.version <= BackupManifest.currentVersion else {
            return .unknown(.manifestNewer)
        }
        for stored in manifest.files {
            // A name in a manifest must not lead anywhere else.
            guard BackupFolder.parse(stored.name[...])?.name == name else {
                return .unknown(.otherFiles)
            }
            guard let bytes = size(stored.name) else { return .broken(manifest, .missing(file: stored.name)) }
            guard bytes == stored.bytes else {
                return .broken(manifest, .otherSize(file: stored.name, bytes: bytes, expected: stored.bytes))
            }
        }
        if let damage = manifest.damage { return .broken(manifest, .noted(damage)) }
        return .whole(manifest)
    }
}

/// The folder of the backups: what has a final name was whole when it got it.
package struct BackupFolder: Sendable {
    package let path: FilePath

    package init(_ path: FilePath) { self.path = path }

    package enum Ending: String, CaseIterable, Sendable {
        case dump = ".dump"
        case encryptedDump = ".dump.age"
        case globals = ".globals.sql"
        case encryptedGlobals = ".globals.sql.age"
        case manifest = ".json"
    }

    package func file(_ name: BackupName, _ ending: Ending) -> FilePath {
        path.appending(name.description + ending.rawValue)
    }

    /// What is being written, or was when a run was killed.
    package func part(_ name: BackupName, _ ending: Ending) -> FilePath {
        path.appending(".\(name)\(ending.rawValue).part")
    }

    /// Makes the folder, with mode 0700.
    package func make() throws(FileFailure) { try DurableFile.makeFolder(path, mode: .ownerReadWriteExecute) }

    /// Removes what killed runs left, of whichever service; only under the folder's lock.
    /// - Returns: how many files that were.
    package func sweep() throws(FileFailure) -> Int {
        let parts = try leftovers()
        for file in parts { try DurableFile.remove(path.appending(file)) }
        return parts.count
    }

    /// Names of what killed runs left. What a run is at work on has such a name, too, so look under the folder's lock; what
    /// a program still writes to, whose run was killed, is none yet.
    package func leftovers() throws(FileFailure) -> [String] {
        try names().filter { isPart($0) && !RunLock.isHeld(path.appending($0)) }.sorted()
    }

    private func isPart(_ file: String) -> Bool {
        guard file.hasPrefix("."), file.hasSuffix(".part") else { return false }
        return Self.parse(file.dropFirst().dropLast(5)) != nil
    }

    /// All that bear a name of ours, newest first. A folder that is not there has none.
    package func backups() throws(FileFailure) -> [StoredBackup] {
        let files = try names().compactMap { Self.parse($0[...]) }
        let named = Set(files.filter { [.manifest, .dump, .encryptedDump].contains($0.ending) }.map(\.name))
        return named.map { StoredBackup(name: $0, standing: standing(of: $0)) }
            .sorted { ($0.name.time, $0.name.description) > ($1.name.time, $1.name.description) }
    }

    static func parse(_ file: Substring) -> (name: BackupName, ending: Ending)? {
        guard file.utf8.count <= BackupName.longest else { return nil }
        for ending in Ending.allCases where file.hasSuffix(ending.rawValue) {
            if let name = BackupName(file.dropLast(ending.rawValue.count)) { return (name, ending) }
        }
        return nil
    }

    private func standing(of name: BackupName) -> StoredBackup.Standing {
        do throws(FileFailure) {
            return StoredBackup.Standing(of: name, manifest: try DurableFile.contents(of: file(name, .manifest))) {
                Self.size(of: path.appending($0))
            }
        } catch {
            return .unknown(.manifestUnreadable)
        }
    }

    /// Length in bytes of a regular file, links not followed; `nil` where there is none. Wraps lstat(2).
    package static func size(of path: FilePath) -> Int? {
        var info = stat()
        guard lstat(path.string, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(info.st_size)
    }

    /// Bytes that this user may still write on the folder's file system.
    package func freeSpace() throws(FileFailure) -> Int { try FileSystemRoom(at: path).free }

    package func save(_ manifest: BackupManifest, as name: BackupName) throws(FileFailure) {
        try DurableFile.replace(file(name, .manifest), with: StableJSON.bytes(manifest, pretty: true))
    }

    /// Removes one backup, the manifest last: what is left of a removal that was cut short is still known as ours.
    package func remove(_ name: BackupName) throws(FileFailure) {
        for ending in Ending.allCases where ending != .manifest { try DurableFile.remove(file(name, ending)) }
        try DurableFile.remove(file(name, .manifest))
    }

    private func names() throws(FileFailure) -> [String] {
        guard let folder = opendir(path.string) else {
            if errno == ENOENT { return [] }
            throw FileFailure(path: path, action: "opendir", errno: Errno(rawValue: errno))
        }
        return FolderStream.names(closing: folder)
    }
}
