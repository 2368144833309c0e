package import Decisions
import FoundationEssentials
import Host

/// What is known of a backup; the file beside it with the ending `.json`. Without one a dump counts for nothing.
package struct BackupManifest: Codable, Equatable, Sendable {
    package static let currentVersion = 1

    package struct StoredFile: Codable, Equatable, Sendable {
        package let name: String
        package let bytes: Int
        package let sha256: String
    }

    /// How it was found to be good.
    package struct Verification: Codable, Equatable, Sendable {
        package enum Method: String, Codable, Sendable {
            /// All of it was read by `pg_restore`, its rows were counted, and its checksum is that of the manifest.
            case read
            /// It was restored into a database, and every table had the rows of the manifest.
            case restored
        }

        package let method: Method
        /// ISO 8601, UTC.
        package let time: String

        package init(_ method: Method, at unixTime: Int) {
            self.method = method
            time = WallClock.utc(unixTime)
        }
    }

    package struct DrillFailure: Codable, Equatable, Sendable {
        /// ISO 8601, UTC.
        package let time: String
        package let why: String

        package init(why: String, at unixTime: Int) {
            self.why = why
            time = WallClock.utc(unixTime)
        }
    }

    package struct Upload: Codable, Equatable, Sendable {
        package let url: String
        package let time: String

        package init(url: String, at unixTime: Int) {
            self.url = url
            time = WallClock.utc(unixTime)
        }
    }

    package var version = Self.currentVersion
    package let database: String
    /// When it was begun: ISO 8601, UTC.
    package let time: String
    package let durationMilliseconds: Int
    package let dump: StoredFile
    /// Roles and settings of the whole server; `nil` where the role may not read them.
    package let globals: StoredFile?
    package let isEncrypted: Bool
    package let serverVersion: String
    package let dumpVersion: String
    /// Empty where the dump could not be read again.
    package var tables: [DumpRows.Table]
    package var verification: Verification?
    /// What the last verification found wrong.
    package var damage: String?
    package var upload: Upload?
    /// `SERVICE` of the configuration that made it; `nil` in manifests that are older than this key.
    package var service: String?
    /// The server's `system_identifier`; `nil` where the role may not read it, and in older manifests.
    package var systemIdentifier: String?
    /// The last drill of it failed; gone with one that passes.
    package var drillFailure: DrillFailure?
    /// `pg_database_size` when it was made: what a restore takes on the server's disk.
    package var databaseBytes: Int?
    /// PostgreSQL's name of the encoding that the names of `tables` have; `nil`: UTF8.
    package var encoding: String?
    /// Versions by name: a dump does not hold them.
    package var extensions: [String: String]?

    package var origin: BackupOrigin {
        BackupOrigin(service: service, database: database, server: systemIdentifier)
    }
    package var bytes: Int { dump.bytes + (globals?.bytes ?? 0) }
    package var rows: Int { tables.reduce(0) { $0 + $1.rows } }
    package var files: [StoredFile] { [dump] + [globals].compactMap(\.self) }
}

extension BackupManifest {
    package struct Malformed: Error, Equatable {
        package init() {}
    }

    /// Reads what lies beside a dump, here or in a store, where others may have written.
    package init(json bytes: [UInt8]) throws(Malformed) {
        guard let manifest = try? OutsideJSON.decode(Self.self, from: bytes),
            Self.isSum(manifest.files.map(\.bytes)), Self.isSum(manifest.tables.map(\.rows))
        else { throw Malformed() }
        self = manifest
    }

    /// Whether they can be added, as they are where they are printed.
    private static func isSum(_ numbers: [Int]) -> Bool {
        var sum = 0
        for number in numbers {
            let (next, overflows) = sum.addingReportingOverflow(number)
            guard number >= 0, !overflows else { return false }
            sum = next
        }
        return true
    }
}
