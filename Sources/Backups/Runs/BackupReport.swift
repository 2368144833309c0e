package import Reporting

/// What `backup run` did: text and JSON are two prints of it.
package struct BackupReport: Codable, Equatable, Sendable {
    /// When the run began: ISO 8601, UTC.
    package let time: String
    /// `nil` where there is no new backup.
    package var name: String?
    package var database: String?
    package var bytes = 0
    package var tables = 0
    package var rows = 0
    package var isVerified = false
    package var isEncrypted = false
    package var uploadedTo: String?
    /// How many there are of this database now.
    package var kept = 0
    /// What retention removed.
    package var removed: [String] = []
    /// The same of the store; `nil` where nothing was uploaded.
    package var keptInStore: Int?
    package var removedFromStore: [String] = []
    package var events: [Explained] = []
    package var durationMilliseconds = 0
    package var exitStatus: Int32 = 0

    init(time: String) { self.time = time }

    mutating func describe(_ manifest: BackupManifest, _ name: BackupName) {
        self.name = name.description
        database = manifest.database
        bytes = manifest.bytes
        tables = manifest.tables.count
        rows = manifest.rows
        isVerified = manifest.verification != nil
        isEncrypted = manifest.isEncrypted
        durationMilliseconds = manifest.durationMilliseconds
    }

    package var seconds: Double { Double(durationMilliseconds) / 1000 }
}
