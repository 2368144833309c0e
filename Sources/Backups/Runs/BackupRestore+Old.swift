import Connections
import Decisions
import Host
import Settings
import SystemPackage

extension BackupRestore {
    /// Into a database that is there: its own encoding, owner and settings stay, and where they are not the backup's it
    /// is said what would make them so.
    mutating func restoreIntoOld(_ job: Job, clean: Bool) async throws(BackupFailure) -> Double {
        let database = job.plan.database
        try await checkEncoding(job)
        let begin = ContinuousClock.now
        do throws(BackupFailure) {
            let options = job.plan.objects > 0 && clean ? ["--clean", "--if-exists"] : []
            try await session.restore(job.plan.manifest, into: database, job.parameters, job.programs, options)
        } catch {
            throw session.orInterrupted(error)
        }
        let seconds = begin.secondsAgo
        await compare(job, in: database)
        await compareDefinition(job)
        return seconds
    }

    /// SQL_ASCII is no encoding: PostgreSQL takes its bytes for whatever the other one is, unchecked.
    private func checkEncoding(_ job: Job) async throws(BackupFailure) {
        let parameters = job.parameters.with(database: job.plan.database)
        let found = try await session.database { () throws(PostgresFailure) in
            try DatabaseInventory(parameters).encoding
        }
        guard let backup = job.archive.definition.encoding, backup != found,
            [backup, found].contains("SQL_ASCII")
        else { return }
        throw .otherEncoding(database: job.plan.database, found: found, backup: backup)
    }

    /// PostgreSQL is asked what it would write of this database into a dump, and that is laid beside the backup's.
    private mutating func compareDefinition(_ job: Job) async {
        let present: DatabaseDefinition
        do throws(BackupFailure) {
            present = try await definition(of: job.plan.database, job)
        } catch {
            differs(.notCompared(error))
            return
        }
        let name = job.plan.database
        let backup = job.archive.definition
        func renamed(_ statements: [SQLScript.Statement]) -> [SQLScript.Statement] {
            statements.map { DatabaseDefinition.renamed($0, to: name) }
        }
        if let made = backup.creation(as: name, onItsTablespace: true),
            made.bytes != present.creation(as: name, onItsTablespace: true)?.bytes
        {
            differs(.madeOtherwise(backup: made.text))
        }
        let there = renamed(present.settings + present.closing).map(\.bytes)
        for statement in renamed(backup.settings + backup.closing) where !there.contains(statement.bytes) {
            differs(.notApplied(statement: statement.text))
        }
    }

    private func definition(of database: String, _ job: Job) async throws(BackupFailure) -> DatabaseDefinition {
        let dump = job.programs.dump(["--format=custom", "--schema-only", "--exclude-schema=*", "--no-password"])
        let restore = try job.programs.restore(ArchiveDescription.databaseOnly + ["--file=-"])
        let text: PipeEnds
        do throws(Errno) {
            text = try PipeEnds()
        } catch {
            throw .file(FileFailure(path: session.folder.path, action: "pipe", errno: error))
        }
        let environment = job.parameters.with(database: database).environment
        let chain = ProgramChain(
            [.init(dump, environment: environment), .init(restore)], timeout: .seconds(120),
            watch: session.watch(.restoring) { 0 })
        async let collected = DumpReader.bytes(from: text.readEnd)
        do throws(ProgramChain.Failure) {
            try await chain.run(from: nil, to: text.writeEnd, lastDecides: true)
        } catch {
            switch error {
            case .missing(let detail): throw .program(detail)
            case .noPipe(let errno): throw .file(FileFailure(path: session.folder.path, action: "pipe", errno: errno))
            case .timedOut(let words): throw .tooSlow(words)
            case .failed(let words): throw .dumpFailed(program: "pg_dump", says: words)
            }
        }
        return DatabaseDefinition(SQLScript(await collected))
    }
}
