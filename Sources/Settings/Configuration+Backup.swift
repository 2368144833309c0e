package import Connections
package import Decisions
package import SystemPackage

extension Configuration {
    /// What `backup` makes, and where it keeps it.
    package struct Backup: Sendable {
        package let folder: FilePath
        /// `pg_dump`; `pg_restore` and `pg_dumpall` are looked for beside it.
        package let dumpProgram: String
        /// zlib's levels; 0 is none.
        package let compression: Int
        /// Of `pg_dump`, of a verification and of a restore, each.
        package let timeout: Duration
        package let retention: RetentionPolicy
        /// Recipients of age(1); empty: not encrypted.
        package let recipients: [String]
        package let identityFile: FilePath?
        package let upload: StoreLocation?
        package let drillServer: DrillServer
        /// While a dump is under way, a high CPU reading argues for no step up.
        package let ignoresCPU: Bool
    }

    /// Where a drill restores; what is `nil` is the configured database server's.
    package struct DrillServer: Equatable, Sendable {
        package let host: String?
        package let port: UInt16?
        package let user: String?
        package let passwordFile: FilePath?
    }

    static func backup(_ reader: inout ConfigurationReader, file: ValueParser<FilePath>) -> Backup {
        let recipients = reader.optional(.backupEncryptTo, .recipients) ?? []
        let identityFile = reader.optional(.backupIdentityFile, file)
        let location = reader.optional(.backupUploadURL, .storeLocation)
        let endpoint = reader.optional(.backupUploadEndpoint, .endpoint)
        let region = reader.value(.backupUploadRegion, .region, or: "us-east-1")
        let anyCount = 0...10_000
        return Backup(
            folder: reader.value(.backupFolder, file, or: FilePath("/")),
            dumpProgram: reader.optional(
                .backupDumpProgram, .word(Words("a program's name or path", "el nombre o la ruta de un programa")))
                ?? "pg_dump",
            compression: reader.value(.backupCompression, .integer(0...9), or: 6),
            timeout: reader.value(.backupTimeout, .seconds(1...604_800), or: .zero),
            retention: RetentionPolicy(
                last: reader.value(.backupKeepLast, .integer(anyCount), or: 0),
                hourly: reader.value(.backupKeepHourly, .integer(anyCount), or: 0),
                daily: reader.value(.backupKeepDaily, .integer(anyCount), or: 0),
                weekly: reader.value(.backupKeepWeekly, .integer(anyCount), or: 0),
                monthly: reader.value(.backupKeepMonthly, .integer(anyCount), or: 0),
                minimum: reader.value(.backupKeepMinimum, .integer(1...10_000), or: 1)),
            recipients: recipients, identityFile: identityFile,
            upload: location.map {
                StoreLocation(bucket: $0.bucket, prefix: $0.prefix, endpoint: endpoint, region: region)
            },
            drillServer: DrillServer(
                host: reader.optional(.backupDrillHost, .word(.serverPlace)),
                port: reader.optional(.backupDrillPort, .port),
                user: reader.optional(.backupDrillUser, .text),
                passwordFile: reader.optional(.backupDrillPasswordFile, file)),
            ignoresCPU: reader.value(.backupIgnoreCPU, .flag, or: true))
    }
}

extension ValueParser where Value == StoreLocation {
    static var storeLocation: Self {
        Self(
            allowed: Words("s3://BUCKET or s3://BUCKET/PREFIX", "s3://BUCKET o s3://BUCKET/PREFIJO"),
            parse: { StoreLocation($0) },
            text: \.url)
    }
}

extension ValueParser where Value == String {
    /// It becomes part of a host name and of what is signed; not every store keeps to Amazon's lower case.
    static var region: Self {
        Self(
            allowed: Words("a region's name, such as eu-central-1", "el nombre de una región, como eu-central-1"),
            parse: { text in
                StoreLocation.isRegion(text) ? text : nil
            })
    }

    /// An address without a path. Plain http sends the dump for everybody to read: loopback only.
    static var endpoint: Self {
        Self(
            allowed: Words(
                "https://HOST or https://HOST:PORT; http for 127.0.0.1 and localhost only",
                "https://HOST o https://HOST:PUERTO; http solo para 127.0.0.1 y localhost"),
            parse: { text in
                let url = text.hasSuffix("/") ? String(text.dropLast()) : text
                let parts = url.split(separator: "/", omittingEmptySubsequences: false)
                guard url.utf8.allSatisfy({ (33...126).contains($0) }), !url.contains("@"), !url.contains("?"),
                    !url.contains("#"), parts.count == 3, parts[1].isEmpty, !parts[2].isEmpty
                else { return nil }
                if parts[0] == "https:" { return url }
                let host = parts[2].split(separator: ":").first
                return parts[0] == "http:" && (host == "127.0.0.1" || host == "localhost") ? url : nil
            })
    }
}

extension ValueParser where Value == [String] {
    /// age's recipients, a comma between them.
    static var recipients: Self {
        Self(
            allowed: Words(
                "recipients of age, separated by commas: age1… or ssh-ed25519 …",
                "destinatarios de age, separados por comas: age1… o ssh-ed25519 …"),
            parse: { text in
                let names = text.split(separator: ",", omittingEmptySubsequences: false).map { name in
                    String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
                }
                let isGood = names.allSatisfy { name in
                    (name.hasPrefix("age1") || name.hasPrefix("ssh-"))
                        && name.utf8.allSatisfy { (32...126).contains($0) }
                }
                return isGood && !names.isEmpty ? names : nil
            },
            text: { $0.joined(separator: ",") })
    }
}

extension ValueParser where Value == Bool {
    static var flag: Self {
        Self(
            allowed: .same("true, false"), parse: { ["true": true, "false": false][$0] },
            text: { $0 ? "true" : "false" })
    }
}
