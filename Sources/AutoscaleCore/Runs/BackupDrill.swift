import Decisions
package import Logging
import SystemPackage

/// `backup drill`: restores a backup into a scratch database, counts every table's rows, and drops it again.
package struct BackupDrill {
    private var session: BackupSession
    private var report = RestoreReport()

    package init(
        _ configuration: Configuration, logger: Logger, interruption: Interruption,
        progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
    ) {
        session = BackupSession(configuration, logger: logger, interruption: interruption, progress: progress)
    }

    /// - Parameter name: `nil`: the newest whole one.
    package consuming func run(_ name: String?) async -> RestoreReport {
        do throws(BackupFailure) {
            let lock = try await session.lock()
            let (name, manifest) = try await session.backup(named: name)
            report.name = name.description
            let programs = try await PostgresPrograms.find(session.settings.dumpProgram)
            let parameters = try session.drillParameters()
            try await dropLeftovers(parameters)
            try await drill(name, manifest, programs, parameters)
            withExtendedLifetime(lock) {}
        } catch {
            session.fail(error)
        }
        report.events = session.log.events
        report.exitStatus = session.exitStatus
        return report
    }

    private mutating func drill(
        _ name: BackupName, _ manifest: BackupManifest, _ programs: PostgresPrograms, _ parameters: PostgresParameters
    ) async throws(BackupFailure) {
        let scratch = ScratchDatabase(service: session.configuration.service)
        let catalog = DatabaseCatalog(parameters)
        try await session.database { () throws(PostgresFailure) in try catalog.create(scratch.name) }
        let begin = ContinuousClock.now
        do throws(BackupFailure) {
            // Roles of the original need not exist where a drill is held, and their rights say nothing about the data.
            try await session.restore(
                manifest, into: scratch.name, parameters, programs, ["--no-owner", "--no-privileges"])
            report.seconds = begin.secondsAgo
            try await session.compareRows(manifest, in: scratch.name, parameters)
        } catch {
            await drop(scratch, catalog)
            throw session.orInterrupted(error)
        }
        await drop(scratch, catalog)
        var proven = manifest
        if !manifest.tables.isEmpty { proven.verification = .init(.restored, at: Moment.now().wall) }
        do throws(FileFailure) {
            try session.folder.save(proven, as: name)
        } catch {
            throw .file(error)
        }
        report.count(manifest)
        session.log.say(
            .drilled(name: name.description, tables: report.tables, rows: report.rows, seconds: report.seconds))
    }

    private mutating func drop(_ scratch: ScratchDatabase, _ catalog: DatabaseCatalog) async {
        do throws(BackupFailure) {
            try await session.database { () throws(PostgresFailure) in try catalog.drop(scratch.name) }
        } catch {
            session.log.say(
                .scratchKept(database: scratch.name, why: error.sentence(in: session.configuration.language)))
        }
    }

    /// Those of drills that were killed; nobody is connected to them.
    private mutating func dropLeftovers(_ parameters: PostgresParameters) async throws(BackupFailure) {
        let service = session.configuration.service
        let catalog = DatabaseCatalog(parameters)
        let names = try await session.database { () throws(PostgresFailure) in
            try catalog.idle(startingWith: ScratchDatabase.prefix(service))
        }
        for name in names {
            if let scratch = ScratchDatabase(name, service: service) { await drop(scratch, catalog) }
        }
    }
}

/// What `backup drill` and `backup restore` did.
package struct RestoreReport: Codable, Equatable, Sendable {
    package var name: String?
    /// `nil` for a drill.
    package var database: String?
    package var tables = 0
    package var rows = 0
    /// How long the restore took: what a recovery would take.
    package var seconds = 0.0
    package var events: [RunRecord.Explained] = []
    package var exitStatus: Int32 = 0

    mutating func count(_ manifest: BackupManifest) {
        tables = manifest.tables.count
        rows = manifest.rows
    }
}

extension BackupSession {
    /// The drill's own server where one is configured, else the database's.
    fileprivate func drillParameters() throws(BackupFailure) -> PostgresParameters {
        let drill = settings.drillServer
        var values = try parameters().values
        if let host = drill.host {
            values["host"] = host
            values["password"] = nil  // of another server
        }
        values["port"] = drill.port.map(String.init) ?? values["port"]
        values["user"] = drill.user ?? values["user"]
        if let file = drill.passwordFile {
            do throws(FileFailure) {
                values["password"] = try Secret.firstLine(of: file)
            } catch {
                throw .file(error)
            }
        }
        return PostgresParameters(values)
    }

    /// All or nothing: one transaction, which the first error ends.
    func restore(
        _ manifest: BackupManifest, into database: String, _ parameters: PostgresParameters,
        _ programs: PostgresPrograms, _ options: [String]
    ) async throws(BackupFailure) {
        let path = folder.path.appending(manifest.dump.name)
        let reader = reader(programs)
        let (sha256, _) = try await reader.checksum(of: path).get()
        guard sha256 == manifest.dump.sha256 else { throw .altered(name: manifest.dump.name) }
        let size = manifest.dump.bytes
        let complaint = try await reader.restore(
            path, isEncrypted: manifest.isEncrypted,
            ["--single-transaction", "--exit-on-error", "--no-password", "--dbname=\(Self.connectionString(database))"]
                + options,
            environment: parameters.environment, watch: watch(.restoring) { size }
        ).get()
        if let complaint { throw .restoreFailed(database: database, why: complaint) }
    }

    /// `dbname='…'`: a bare name with `=` in it would be taken for one. "Connection Strings" in PostgreSQL's manual.
    private static func connectionString(_ database: String) -> String {
        var quoted = ""
        for scalar in database.unicodeScalars {
            if scalar == "'" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return "dbname='\(quoted)'"
    }

    func compareRows(
        _ manifest: BackupManifest, in database: String, _ parameters: PostgresParameters
    ) async throws(BackupFailure) {
        let tables = DatabaseTables(parameters: parameters.with(database: database), timeout: settings.timeout)
        let differences = try await self.database { () throws(PostgresFailure) in
            try tables.differences(from: manifest.tables)
        }
        if let first = differences.first { throw .rowsDiffer(first, more: differences.count - 1) }
    }
}
