import Decisions
import FoundationEssentials
import Host
import Settings
import SystemPackage

/// `backup-source.json` beside the state file: which database of which server the last backup was made of, for the commands
/// that need it while the server is away. Deletable at any time: then the server has to be asked.
struct BackupSource: Codable, Equatable {
    let service: String
    let database: String
    let systemIdentifier: String?
    /// What the configuration named then; another address may lead to another server.
    let configured: Configured

    struct Configured: Codable, Equatable {
        let host: String?
        let port: UInt16?
        let name: String?

        init(_ database: Configuration.Database) {
            host = database.host
            port = database.port
            name = database.name
        }
    }

    private static func path(_ configuration: Configuration) -> FilePath {
        configuration.places.backupSource
    }

    /// `nil` where there is none of this service and of this configured address.
    static func load(_ configuration: Configuration) -> BackupSource? {
        guard let bytes = try? DurableFile.contents(of: path(configuration)), bytes.count < 1 << 16,
            let source = try? OutsideJSON.decode(Self.self, from: bytes), source.service == configuration.service,
            source.configured == Configured(configuration.database)
        else { return nil }
        return source
    }

    /// Under the lock of `backup`.
    static func save(_ identity: DatabaseIdentity, _ configuration: Configuration) throws(FileFailure) {
        let source = BackupSource(
            service: configuration.service, database: identity.database, systemIdentifier: identity.server,
            configured: .init(configuration.database))
        try DurableFile.replace(path(configuration), with: StableJSON.bytes(source, pretty: true))
    }
}
