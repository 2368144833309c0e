import Connections
import Decisions
import Host
import Reporting
import Settings
import SystemPackage

/// What `backup drill` and `backup restore` have in common.
extension BackupSession {
    func checkVersion(_ manifest: BackupManifest, _ programs: PostgresPrograms) throws(BackupFailure) {
        let major = manifest.dumpVersion.prefix { $0.isASCII && $0.isNumber }
        if let major = Int(major), major > programs.majorVersion {
            throw .newerDump(
                name: manifest.dump.name, version: manifest.dumpVersion,
                program: "\(programs.dumpPath.removingLastComponent().appending("pg_restore")) (\(programs.version))")
        }
    }

    /// Whether the bytes are those that were written, then what the archive says of the database.
    func describe(
        _ manifest: BackupManifest, _ programs: PostgresPrograms
    ) async throws(BackupFailure) -> ArchiveDescription {
        let path = folder.path.appending(manifest.dump.name)
        let reader = reader(programs)
        try checkVersion(manifest, programs)
        let (sha256, _) = try await reader.checksum(of: path).get()
        guard sha256 == manifest.dump.sha256 else { throw .altered(name: manifest.dump.name) }
        let about = try await statements(manifest, programs, ArchiveDescription.databaseOnly)
        let all = try await statements(manifest, programs, ArchiveDescription.everything)
        return ArchiveDescription(
            definition: DatabaseDefinition(SQLScript(about)), names: NamedRoles(SQLScript(all)))
    }

    func statements(
        _ manifest: BackupManifest, _ programs: PostgresPrograms, _ options: [String]
    ) async throws(BackupFailure) -> [UInt8] {
        let size = manifest.dump.bytes
        return try await reader(programs).statements(
            folder.path.appending(manifest.dump.name), isEncrypted: manifest.isEncrypted, options,
            watch: watch(.restoring) { size })
    }

    /// All or nothing: one transaction, which the first error ends.
    func restore(
        _ manifest: BackupManifest, into database: String, _ parameters: PostgresParameters,
        _ programs: PostgresPrograms, _ options: [String]
    ) async throws(BackupFailure) {
        let path = folder.path.appending(manifest.dump.name)
        let size = manifest.dump.bytes
        let lockWatch = LockWatch(parameters, timeout: settings.timeout)
        var environment = parameters.environment(options: try await neededOptions(for: database, parameters))
        environment["PGAPPNAME"] = lockWatch.application
        let goesOn = watch(.restoring) { size }
        let watcher = Task { await lockWatch.run() }
        let result = await reader(programs).restore(
            path, isEncrypted: manifest.isEncrypted,
            [
                "--single-transaction", "--exit-on-error", "--no-password",
                "--dbname=\(PostgresParameters.connectionString(database))",
            ]
                + options,
            environment: environment, watch: { goesOn() && lockWatch.found == nil })
        watcher.cancel()
        let failed: String?
        do throws(BackupFailure) {
            failed = try result.get()
        } catch {
            if let holder = lockWatch.found { throw .lockHeld(holder, database: database, seconds: lockWatch.seconds) }
            throw error
        }
        guard let failed else { return }
        if let holder = lockWatch.found { throw .lockHeld(holder, database: database, seconds: lockWatch.seconds) }
        throw .restoreFailed(database: database, why: failed)
    }

    private func neededOptions(
        for database: String, _ parameters: PostgresParameters
    ) async throws(BackupFailure) -> String? {
        try await self.database { () throws(PostgresFailure) in
            var session = try PostgresSession(
                parameters.with(database: database), before: Deadline(after: .seconds(30)))
            let options = try session.neededOptions()
            session.end()
            return options
        }
    }

    /// Where the restored rows are not those of the manifest.
    func differences(
        from manifest: BackupManifest, in database: String, _ parameters: PostgresParameters,
        _ programs: PostgresPrograms
    ) async throws(BackupFailure) -> [RowDifference] {
        let expected = try await tables(of: manifest, programs)
        let tables = DatabaseTables(
            parameters: parameters.with(database: database), timeout: settings.timeout, encoding: expected.encoding)
        let interruption = interruption
        return try await self.database { () throws(PostgresFailure) in
            try tables.differences(from: expected.tables, shouldStop: { interruption.signal != nil })
        }
    }

    /// Manifests without an encoding have names in other encodings than UTF-8 spoilt; the dump has them still.
    private func tables(
        of manifest: BackupManifest, _ programs: PostgresPrograms
    ) async throws(BackupFailure) -> (tables: [DumpRows.Table], encoding: String) {
        if let encoding = manifest.encoding { return (manifest.tables, encoding) }
        let isSpoilt = manifest.tables.contains { "\($0.schema)\($0.name)".unicodeScalars.contains("\u{FFFD}") }
        guard isSpoilt else { return (manifest.tables, "UTF8") }
        let contents = try await reader(programs).read(
            folder.path.appending(manifest.dump.name), isEncrypted: manifest.isEncrypted,
            watch: watch(.verifying) { manifest.dump.bytes })
        return (contents.tables, contents.encoding)
    }

    /// What a restore takes on the server's disk: one and a half times the database, for its log is written there, too.
    func neededRoom(_ manifest: BackupManifest) -> Int {
        // A manifest of an earlier version does not say: text shrinks to about a quarter in a dump.
        let bytes = manifest.databaseBytes ?? manifest.dump.bytes.multipliedReportingOverflow(by: 4).partialValue
        return bytes.addingReportingOverflow(bytes / 2).partialValue
    }

    func room(on parameters: PostgresParameters) async -> ServerRoom {
        let room = try? await DetachedThread.value { ServerRoom(parameters) }
        return room ?? .unknown
    }

    /// What runs that were killed left. A drill's copy is dropped; a restored database that lacks nothing but its name is
    /// somebody's data, and is named.
    mutating func sweepScratch(_ parameters: PostgresParameters) async throws(BackupFailure) {
        let service = configuration.service
        let catalog = DatabaseCatalog(parameters)
        for purpose in ScratchDatabase.Purpose.allCases {
            let names = try await database { () throws(PostgresFailure) in
                try catalog.idle(startingWith: ScratchDatabase.prefix(purpose, service))
            }
            for name in names {
                guard let scratch = ScratchDatabase(name, purpose, service: service) else { continue }
                let tables = DatabaseTables(parameters: parameters.with(database: name), timeout: .seconds(60))
                let objects = try? await database { () throws(PostgresFailure) in try tables.count() }
                if purpose == .restore, objects != 0 {  // one that can't be looked into may hold something, too
                    log.say(.restoreLeft(database: name))
                } else {
                    await drop(scratch, catalog)
                }
            }
        }
    }

    mutating func drop(_ scratch: ScratchDatabase, _ catalog: DatabaseCatalog) async {
        do throws(BackupFailure) {
            try await database { () throws(PostgresFailure) in try catalog.drop(scratch.name) }
        } catch {
            log.say(.scratchKept(database: scratch.name, error))
        }
    }

    /// The database as the archive says it was made.
    func create(
        _ scratch: ScratchDatabase, _ definition: DatabaseDefinition, onItsTablespace: Bool, _ catalog: DatabaseCatalog
    ) async throws(BackupFailure) {
        let statement = definition.creation(as: scratch.name, onItsTablespace: onItsTablespace)
        let preparation = definition.preparation
        do throws(BackupFailure) {
            try await database { () throws(PostgresFailure) in
                try catalog.create(scratch.name, statement, after: preparation)
            }
        } catch .database(.failed(let sqlState, let message)) where sqlState != "42501" {
            throw .notCreated(database: scratch.name, why: "\(message) (\(sqlState))")
        }
    }
}
