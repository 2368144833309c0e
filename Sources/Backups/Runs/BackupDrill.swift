import Connections
import Decisions
package import Host
package import Logging
package import Reporting
package import Settings
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
            try await session.sweepScratch(parameters)
            try await drill(name, manifest, programs, parameters)
            lock.release()
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
        do throws(BackupFailure) {
            let archive = try await session.describe(manifest, programs)
            try await checkRoom(manifest, parameters)
            try await restoreAndCount(manifest, archive, programs, parameters)
        } catch {
            let failure = session.orInterrupted(error)
            mark(manifest, as: name, failure)
            throw failure
        }
        var proven = manifest
        if !manifest.tables.isEmpty { proven.verification = .init(.restored, at: Moment.now().wall) }
        proven.drillFailure = nil
        try save(proven, as: name)
        report.count(manifest)
        session.log.say(
            .drilled(name: name.description, tables: report.tables, rows: report.rows, seconds: report.seconds))
    }

    private mutating func restoreAndCount(
        _ manifest: BackupManifest, _ archive: ArchiveDescription, _ programs: PostgresPrograms,
        _ parameters: PostgresParameters
    ) async throws(BackupFailure) {
        let catalog = DatabaseCatalog(parameters)
        let names = archive.names
        let missing = try await session.database { () throws(PostgresFailure) in
            try catalog.missing(names, isDrill: true)
        }
        if !missing.isEmpty { session.log.say(.leftOut(roles: missing.roles)) }
        let list = try await session.statements(manifest, programs, ["--list"] + DrillContents.options)
        let contents = DrillContents.list(list, withoutRoles: !missing.isEmpty)
        let file = try rethrow(try UnnamedFile(contents, in: session.folder.path), as: BackupFailure.file)
        let scratch = ScratchDatabase(service: session.configuration.service)
        try await session.create(scratch, archive.definition, onItsTablespace: false, catalog)
        let begin = ContinuousClock.now
        do throws(BackupFailure) {
            try await applySettings(archive.definition, scratch, catalog)
            try await session.restore(
                manifest, into: scratch.name, parameters, programs,
                DrillContents.options + ["--use-list=\(file.path)"])
            withExtendedLifetime(file) {}
            report.seconds = begin.secondsAgo
            let differences = try await session.differences(from: manifest, in: scratch.name, parameters, programs)
            try session.stopIfInterrupted()
            if let first = differences.first { throw .rowsDiffer(first, more: differences.count - 1) }
        } catch {
            await session.drop(scratch, catalog)
            throw error
        }
        await session.drop(scratch, catalog)
    }

    /// Those of the database alone, as far as this server takes them: views that are filled may need them.
    private func applySettings(
        _ definition: DatabaseDefinition, _ scratch: ScratchDatabase, _ catalog: DatabaseCatalog
    ) async throws(BackupFailure) {
        let statements = definition.settings.filter { $0.begins("ALTER", "DATABASE") }
            .map { DatabaseDefinition.renamed($0, to: scratch.name) }
        let preparation = definition.preparation
        _ = try await session.database { () throws(PostgresFailure) in
            try catalog.apply(statements, in: scratch.name, after: preparation).count
        }
    }

    /// A disk that a drill fills is the production database's.
    private mutating func checkRoom(
        _ manifest: BackupManifest, _ parameters: PostgresParameters
    ) async throws(BackupFailure) {
        let needed = session.neededRoom(manifest)
        switch await session.room(on: parameters) {
        case .free(let free, let path) where free < needed:
            throw .noRoom(server: parameters.place, path: path, free: free, needed: needed)
        case .free: break
        case .unknown: session.log.say(.roomUnknown(server: parameters.place, needed: needed))
        }
    }

    /// Only what says something about the backup: not a server that is away, a full disk, or a wrong key.
    private mutating func mark(_ manifest: BackupManifest, as name: BackupName, _ failure: BackupFailure) {
        var marked = manifest
        let why = failure.sentence(in: session.configuration.language)
        switch failure {
        case .altered:
            marked.verification = nil
            marked.damage = why
            marked.drillFailure = .init(why: why, at: Moment.now().wall)
        case .unreadable, .restoreFailed, .rowsDiffer, .notCreated:
            marked.drillFailure = .init(why: why, at: Moment.now().wall)
        default: return
        }
        do throws(BackupFailure) {
            try save(marked, as: name)
        } catch {
            session.log.say(.failed(error))
        }
    }

    private func save(_ manifest: BackupManifest, as name: BackupName) throws(BackupFailure) {
        try rethrow(try session.folder.save(manifest, as: name), as: BackupFailure.file)
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
    package var events: [Explained] = []
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
            values["password"] = try rethrow(try Secret.firstLine(of: file), as: BackupFailure.file)
        }
        return PostgresParameters(values)
    }
}
