import Decisions
package import Logging
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

    private var session: BackupSession
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
        guard (1...63).contains(database.utf8.count), !database.utf8.contains(0) else {
            throw .databaseName(database.escapingControls())
        }
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
            report.seconds = try await restore(plan, clean: clean)
            report.count(plan.manifest)
            session.log.say(
                .restored(
                    name: plan.name, database: plan.database, tables: report.tables, rows: report.rows,
                    seconds: report.seconds))
            withExtendedLifetime(lock) {}
        } catch {
            session.fail(error)
        }
        report.events = session.log.events
        report.exitStatus = session.exitStatus
        return report
    }

    /// A database that was made for this is dropped again where it fails: nothing is left half done.
    private func restore(_ plan: Plan, clean: Bool) async throws(BackupFailure) -> Double {
        let programs = try await PostgresPrograms.find(session.settings.dumpProgram)
        let parameters = try session.parameters()
        let catalog = DatabaseCatalog(parameters)
        if plan.isNew {
            try await session.database { () throws(PostgresFailure) in try catalog.create(plan.database) }
        }
        let begin = ContinuousClock.now
        do throws(BackupFailure) {
            let options = plan.objects > 0 && clean ? ["--clean", "--if-exists"] : []
            try await session.restore(plan.manifest, into: plan.database, parameters, programs, options)
            let seconds = begin.secondsAgo
            try await session.compareRows(plan.manifest, in: plan.database, parameters)
            return seconds
        } catch {
            if plan.isNew {
                _ = try? await session.database { () throws(PostgresFailure) in try catalog.drop(plan.database) }
            }
            throw session.orInterrupted(error)
        }
    }
}

extension PostgresParameters {
    /// `127.0.0.1:5432`; what is not set is libpq's business.
    var place: String {
        (values["host"] ?? "libpq's default host") + (values["port"].map { ":\($0)" } ?? "")
    }
}
