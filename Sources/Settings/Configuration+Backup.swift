package import Connections
package import Decisions
package import SystemPackage

extension ConfigurationSection {
    static let backup = ConfigurationSection(
        Words("Backups", "Copias de seguridad"),
        keys: [
            .backupFolder, .backupDumpProgram, .backupCompression, .backupTimeout, .backupKeepLast, .backupKeepHourly,
            .backupKeepDaily, .backupKeepWeekly, .backupKeepMonthly, .backupKeepMinimum, .backupEncryptTo,
            .backupIdentityFile, .backupUploadURL, .backupUploadEndpoint, .backupUploadRegion, .backupDrillHost,
            .backupDrillPort, .backupDrillUser, .backupDrillPasswordFile, .backupIgnoreCPU,
        ])
}

extension ConfigurationKey {
    static let backupFolder = Key(
        "BACKUP_DIR", .path, default: "backups",
        "Where dumps and their manifests lie; made with mode 0700. Better on another disk than the database's.",
        "Dónde están los volcados y sus manifiestos; se crea con modo 0700. Mejor en otro disco que el de la base de datos."
    )
    static let backupDumpProgram = Key(
        "BACKUP_PG_DUMP", .word(.program), whereUnset: "pg_dump", example: "/usr/lib/postgresql/16/bin/pg_dump",
        "Its major version must be the server's or newer; `pg_restore` and `pg_dumpall` are taken from beside it. Unset: `pg_dump` from PATH.",
        "Su versión mayor debe ser la del servidor o más nueva; `pg_restore` y `pg_dumpall` se toman de su lado. Sin definir: `pg_dump` de PATH."
    )
    static let backupCompression = Key(
        "BACKUP_COMPRESSION", .integer(0...9), default: "6",
        "zlib's level. 0: none. 1: fast. 9: small.",
        "El nivel de zlib. 0: ninguno. 1: rápido. 9: pequeño.")
    static let backupTimeout = Key(
        "BACKUP_TIMEOUT", .seconds(1...604_800), default: "14400",
        "What a dump, its verification or a restore may take, each.",
        "Lo que puede tardar un volcado, su verificación o una restauración, cada uno.")
    static let backupKeepLast = Key(
        "BACKUP_KEEP_LAST", .integer(0...10_000), default: "4",
        "The newest ones, whatever their age. The rules add up.",
        "Las más nuevas, tengan la edad que tengan. Las reglas se suman.")
    static let backupKeepHourly = Key(
        "BACKUP_KEEP_HOURLY", .integer(0...10_000), default: "0",
        "The newest of each of so many hours (UTC) that have one.",
        "La más nueva de cada una de tantas horas (UTC) que tienen alguna.")
    static let backupKeepDaily = Key(
        "BACKUP_KEEP_DAILY", .integer(0...10_000), default: "7", "The same for days.", "Lo mismo para los días.")
    static let backupKeepWeekly = Key(
        "BACKUP_KEEP_WEEKLY", .integer(0...10_000), default: "4",
        "The same for weeks, from Monday on.", "Lo mismo para las semanas, desde el lunes.")
    static let backupKeepMonthly = Key(
        "BACKUP_KEEP_MONTHLY", .integer(0...10_000), default: "6", "The same for months.", "Lo mismo para los meses.")
    static let backupKeepMinimum = Key(
        "BACKUP_KEEP_MIN", .integer(1...10_000), default: "2",
        "Verified ones that stay whatever the rules say.",
        "Verificadas que se quedan digan lo que digan las reglas.")
    static let backupEncryptTo = Key(
        "BACKUP_ENCRYPT_TO", .recipients, example: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
        "Dumps are encrypted with age(1) while they are written.",
        "Los volcados se cifran con age(1) mientras se escriben.")
    static let backupIdentityFile = Key(
        "BACKUP_IDENTITY_FILE", .path, example: "/etc/autoscale/age.key",
        "age's identity, to verify and restore encrypted dumps. Without it none counts as verified, and retention removes none.",
        "La identidad de age, para verificar y restaurar volcados cifrados. Sin ella ninguno cuenta como verificado, y la retención no elimina ninguno."
    )
    static let backupUploadURL = Key(
        "BACKUP_UPLOAD_URL", .storeLocation, example: "s3://my-bucket/app",
        "Where a copy goes, in an S3-compatible store. Credentials: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or `~/.aws/credentials`.",
        "Adónde va una copia, en un almacén compatible con S3. Credenciales: `AWS_ACCESS_KEY_ID` y `AWS_SECRET_ACCESS_KEY`, o `~/.aws/credentials`."
    )
    static let backupUploadEndpoint = Key(
        "BACKUP_UPLOAD_ENDPOINT", .endpoint, example: "https://s3.example.com",
        "Address of the store. Unset: Amazon's own.",
        "Dirección del almacén. Sin definir: la de Amazon.")
    static let backupUploadRegion = Key(
        "BACKUP_UPLOAD_REGION", .region, default: StoreLocation.defaultRegion,
        "Part of the signature.", "Parte de la firma.")
    static let backupDrillHost = Key(
        "BACKUP_DRILL_HOST", .word(.serverPlace), example: "127.0.0.1",
        "Where `backup drill` restores. Unset: on the database's own server.",
        "Dónde restaura `backup drill`. Sin definir: en el servidor de la propia base de datos.")
    static let backupDrillPort = Key(
        "BACKUP_DRILL_PORT", .port, example: "5433", "Of that server.", "De ese servidor.")
    static let backupDrillUser = Key(
        "BACKUP_DRILL_USER", .text, example: "postgres",
        "A role there; it must be allowed to create databases.",
        "Un rol allí; debe poder crear bases de datos.")
    static let backupDrillPasswordFile = Key(
        "BACKUP_DRILL_PASSWORD_FILE", .path, example: "/etc/autoscale/drill.password",
        "Its password, in the first line.", "Su contraseña, en la primera línea.")
    static let backupIgnoreCPU = Key(
        "BACKUP_IGNORE_CPU", .flag, default: "true",
        "While a dump is under way, a high CPU reading argues for no step up.",
        "Mientras hay un volcado en marcha, una lectura alta de CPU no pide ningún paso hacia arriba.")
}

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

    static func backup(_ reader: inout ConfigurationReader) -> Backup {
        let (location, endpoint) = (reader[.backupUploadURL], reader[.backupUploadEndpoint])
        let region = reader[.backupUploadRegion]
        return Backup(
            folder: reader[.backupFolder], dumpProgram: reader[.backupDumpProgram],
            compression: reader[.backupCompression], timeout: reader[.backupTimeout],
            retention: RetentionPolicy(
                last: reader[.backupKeepLast], hourly: reader[.backupKeepHourly], daily: reader[.backupKeepDaily],
                weekly: reader[.backupKeepWeekly], monthly: reader[.backupKeepMonthly],
                minimum: reader[.backupKeepMinimum]),
            recipients: reader[.backupEncryptTo] ?? [], identityFile: reader[.backupIdentityFile],
            upload: location.map {
                StoreLocation(bucket: $0.bucket, prefix: $0.prefix, endpoint: endpoint, region: region)
            },
            drillServer: DrillServer(
                host: reader[.backupDrillHost], port: reader[.backupDrillPort], user: reader[.backupDrillUser],
                passwordFile: reader[.backupDrillPasswordFile]),
            ignoresCPU: reader[.backupIgnoreCPU])
    }
}
