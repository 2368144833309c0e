import Connections
import Decisions
package import Host
package import Logging
import Reporting
package import Settings
import SystemPackage

/// `backup restore NAME --into DATABASE`.
package struct BackupRestore {
    /// What is to be done, before anything is.
    package struct Plan: Equatable, Sendable {
        package let name: String
        package let database: String
        /// Where that is, for people.
        package let server: String
        package let isNew: Bool
        /// What is in it now: tables, views, sequences.
        package let objects: Int
        package let manifest: BackupManifest
        /// Whose backup it is, where that is another service.
        package let foreignService: String?
    }

    var session: BackupSession
    var differences: [RestoreDifference] = []
    private let database: String

    package init(
        _ configuration: Configuration, into database: String, logger: Logger, interruption: Interruption,
        progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
    ) {
        session = BackupSession(configuration, logger: logger, interruption: interruption, progress: progress)
        self.database = database
    }

    /// Looks at both ends; changes nothing.
    package func plan(_ name: String) async throws(BackupFailure) -> Plan {
        guard (1...63).contains(database.utf8.count), !database.utf8.contains(where: { [0, 10, 13].contains($0) })
        else { throw .databaseName(database.escapingControls()) }
        let (_, manifest) = try await session.backup(named: name, ofOthers: true)
        let parameters = try session.parameters()
        let catalog = DatabaseCatalog(parameters)
        let exists = try await session.database { [database] () throws(PostgresFailure) in
            try catalog.exists(database)
        }
        var objects = 0
        if exists {
            let tables = DatabaseTables(
                parameters: parameters.with(database: database), timeout: session.settings.timeout)
            objects = try await session.database { () throws(PostgresFailure) in try tables.count() }
        }
        return Plan(
            name: name, database: database, server: parameters.place, isNew: !exists, objects: objects,
            manifest: manifest,
            foreignService: manifest.service.flatMap { $0 == session.configuration.service ? nil : $0 })
    }

    /// - Parameters:
    ///   - clean: what is in the database is dropped first, in the same transaction.
    ///   - service: the other service whose backup may take its place.
    package consuming func run(_ plan: Plan, clean: Bool, of service: String? = nil) async -> RestoreReport {
        var report = RestoreReport()
        report.name = plan.name
        report.database = plan.database
        do throws(BackupFailure) {
            let lock = try await session.lock()
            guard plan.objects == 0 || clean else {
                throw .notEmpty(database: plan.database, tables: plan.objects)
            }
            if plan.objects > 0, let foreign = plan.foreignService, foreign != service {
                throw .foreignOverOwn(name: plan.name, service: foreign.escapingControls())
            }
            let seconds = try await restore(plan, clean: clean)
            report.seconds = seconds
            report.count(plan.manifest)
            finish(plan, seconds)
            lock.release()
        } catch {
            session.fail(error)
        }
        report.events = session.log.events
        report.exitStatus = session.exitStatus
        return report
    }

    private mutating func restore(_ plan: Plan, clean: Bool) async throws(BackupFailure) -> Double {
        let programs = try await PostgresPrograms.find(session.settings.dumpProgram)
        let parameters = try session.parameters()
        try await session.sweepScratch(parameters)
        let archive = try await session.describe(plan.manifest, programs)
        try await checkNames(archive, plan, parameters)
        if case .free(let free, let path) = await session.room(on: parameters),
            free < session.neededRoom(plan.manifest)
        {
            session.log.say(
                .littleRoom(server: plan.server, path: path, free: free, needed: session.neededRoom(plan.manifest)))
        }
        let job = Job(plan: plan, archive: archive, parameters: parameters, programs: programs)
        return plan.isNew ? try await restoreIntoNew(job) : try await restoreIntoOld(job, clean: clean)
    }

    /// What one restore works with.
    struct Job {
        let plan: Plan
        let archive: ArchiveDescription
        let parameters: PostgresParameters
        let programs: PostgresPrograms
    }

    /// All that is missing at once, before anything is made; `pg_restore` would name the first one in the middle.
    private func checkNames(
        _ archive: ArchiveDescription, _ plan: Plan, _ parameters: PostgresParameters
    ) async throws(BackupFailure) {
        let names = archive.names
        let catalog = DatabaseCatalog(parameters)
        let missing = try await session.database { () throws(PostgresFailure) in
            try catalog.missing(names, isDrill: false)
        }
        guard missing.isEmpty else {
            let globals = plan.manifest.globals.map { session.folder.path.appending($0.name).string }
            throw .missingNames(missing, globals: globals, server: plan.server)
        }
    }

    mutating func differs(_ difference: RestoreDifference) {
        differences.append(difference)
        if difference.isIncomplete {
            session.fail(.restoredDiffering(difference))
        } else {
            session.log.say(.differs(difference))
        }
    }

    private mutating func finish(_ plan: Plan, _ seconds: Double) {
        let incomplete = differences.count(where: \.isIncomplete)
        if incomplete == 0 {
            session.log.say(
                .restored(
                    name: plan.name, database: plan.database, tables: plan.manifest.tables.count,
                    rows: plan.manifest.rows, seconds: seconds))
        } else {
            session.log.say(
                .restoredDiffering(name: plan.name, database: plan.database, differences: incomplete))
        }
        if let signal = session.interruption.signal { session.fail(.interrupted(signal)) }
    }
}

extension PostgresParameters {
    /// `127.0.0.1:5432`; what is not set is libpq's business.
    var place: String {
        (values["host"] ?? "libpq's default host") + (values["port"].map { ":\($0)" } ?? "")
    }
}
