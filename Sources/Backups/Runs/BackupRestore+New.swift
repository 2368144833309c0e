import Connections
import Decisions
import Settings

extension BackupRestore {
    /// Restores under a name that nobody knows, counts there, and gives it its own name last: clients that wait for
    /// their database can't write into it before it was counted.
    ///
    /// Until `pg_restore` has committed, every failure drops it. From then on nothing does: what differs is said.
    mutating func restoreIntoNew(_ job: Job) async throws(BackupFailure) -> Double {
        let scratch = ScratchDatabase(.restore, service: session.configuration.service)
        let catalog = DatabaseCatalog(job.parameters)
        let definition = job.archive.definition
        try await session.create(scratch, definition, onItsTablespace: true, catalog)
        let begin = ContinuousClock.now
        do throws(BackupFailure) {
            try await apply(definition.settings, job, scratch)
            try await session.restore(job.plan.manifest, into: scratch.name, job.parameters, job.programs, [])
        } catch {
            await session.drop(scratch, catalog)
            throw session.orInterrupted(error)
        }
        let seconds = begin.secondsAgo
        await compare(job, in: scratch.name)
        do throws(BackupFailure) {
            try await apply(definition.closing, job, scratch)
        } catch {
            differs(.notClosed(error))
        }
        do throws(BackupFailure) {
            try await session.database { () throws(PostgresFailure) in
                try catalog.rename(scratch.name, to: job.plan.database)
            }
        } catch {
            differs(.notRenamed(scratch: scratch.name, database: job.plan.database, error))
        }
        return seconds
    }

    private mutating func apply(
        _ statements: [SQLScript.Statement], _ job: Job, _ scratch: ScratchDatabase
    ) async throws(BackupFailure) {
        let catalog = DatabaseCatalog(job.parameters)
        let preparation = job.archive.definition.preparation
        let renamed = statements.map { DatabaseDefinition.renamed($0, to: scratch.name) }
        let refused = try await session.database { () throws(PostgresFailure) in
            try catalog.apply(renamed, in: scratch.name, after: preparation)
        }
        for refusal in refused {
            let statement = DatabaseDefinition.renamed(refusal.statement, to: job.plan.database)
            differs(.refused(statement: statement.text, why: refusal.why))
        }
    }

    /// Rows, and what no dump brings back.
    mutating func compare(_ job: Job, in database: String) async {
        do throws(BackupFailure) {
            let rows = try await session.differences(
                from: job.plan.manifest, in: database, job.parameters, job.programs)
            for row in rows { differs(.rows(row)) }
        } catch {
            differs(.notCounted(error))
        }
        let parameters = job.parameters.with(database: database)
        guard
            let inventory = try? await session.database({ () throws(PostgresFailure) in
                try DatabaseInventory(parameters)
            })
        else { return }
        for (name, version) in (job.plan.manifest.extensions ?? [:]).sorted(by: { $0.key < $1.key })
        where inventory.extensions[name] != version {
            differs(.extensionVersion(name: name, now: inventory.extensions[name], backup: version))
        }
        for name in inventory.subscriptions { differs(.subscriptionDisabled(name)) }
    }
}
