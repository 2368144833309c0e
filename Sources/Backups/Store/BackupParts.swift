import Host
import SystemPackage

/// The files of a backup while they are made.
struct BackupParts {
    let name: BackupName
    let isEncrypted: Bool
    private let folder: BackupFolder

    init(_ name: BackupName, in folder: BackupFolder, isEncrypted: Bool) {
        self.name = name
        self.folder = folder
        self.isEncrypted = isEncrypted
    }

    private var dumpEnding: BackupFolder.Ending { isEncrypted ? .encryptedDump : .dump }
    private var globalsEnding: BackupFolder.Ending { isEncrypted ? .encryptedGlobals : .globals }

    var dump: FilePath { folder.part(name, dumpEnding) }
    var globals: FilePath { folder.part(name, globalsEnding) }
    var dumpName: String { "\(name)\(dumpEnding.rawValue)" }
    var globalsName: String { "\(name)\(globalsEnding.rawValue)" }

    /// Gives them their names, the manifest's last; where that fails none of them stays.
    func keep(_ manifest: BackupManifest) throws(FileFailure) {
        do throws(FileFailure) {
            if manifest.globals != nil { try DurableFile.move(globals, to: folder.file(name, globalsEnding)) }
            try DurableFile.move(dump, to: folder.file(name, dumpEnding))
            try folder.save(manifest, as: name)
        } catch {
            try? folder.remove(name)
            throw error
        }
    }

    /// Removes what is unfinished.
    func discard() {
        for part in [dump, globals] { try? DurableFile.remove(part) }
    }
}
