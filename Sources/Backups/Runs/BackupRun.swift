import Connections
import Decisions
package import Host
package import Logging
import Reporting
package import Settings
import SystemPackage

/// One `backup run`: lock, look, dump, verify, keep, upload, thin out, report.
///
/// What has a final name was read to its end before it got it: `.part`, verified, fsync, rename, fsync of the folder, and
/// the manifest last.
package struct BackupRun {
    var session: BackupSession
    var report: BackupReport

    package init(
        _ configuration: Configuration, logger: Logger, interruption: Interruption,
        progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
    ) {
        session = BackupSession(configuration, logger: logger, interruption: interruption, progress: progress)
        report = BackupReport(time: WallClock.utc(session.now.wall))
    }

    package consuming func run() async -> BackupReport {
        let alerts = AlertDispatch(session.configuration, for: .backup)
        alerts.begin()
        do throws(BackupFailure) {
            let lock = try await session.lock()
            let folderLock = try await session.lockFolder()
            try sweepFolder()
            let parameters = try session.parameters()
            let owner = try await identify(parameters)
            let server = try await session.database { () throws(PostgresFailure) in try DatabaseServer(parameters) }
            let inventory = try await session.database { () throws(PostgresFailure) in
                try DatabaseInventory(parameters)
            }
            let programs = try await programs(for: server)
            try checkSpace(for: owner)
            for sentence in session.configuration.exposures { session.log.say(.exposure(sentence)) }
            let name = try await freeName(server.database, owner)
            session.log.say(.started(database: server.database))
            let dump = DatabaseDump(
                programs: programs, environment: environment(parameters, inventory), recipients: settings.recipients,
                compression: settings.compression, timeout: settings.timeout, encoding: inventory.encoding)
            let parts = BackupParts(name, in: session.folder, isEncrypted: !settings.recipients.isEmpty)
            do throws(BackupFailure) {
                try await write(parts, with: dump, server, holding: lock.descriptor)
                var manifest = try await verified(parts, programs, server, owner)
                manifest.databaseBytes = inventory.bytes
                manifest.extensions = inventory.extensions
                try keep(parts, manifest)
                report.describe(manifest, name)
            } catch {
                parts.discard()
                throw session.orInterrupted(error)
            }
            folderLock.release()  // what follows touches backups of this service alone
            try await upload(name, owner)
            try thinOut(owner)
            try await thinOutStore(owner)
            report.durationMilliseconds = session.elapsedMilliseconds
            session.log.say(.done(report))
            lock.release()
        } catch {
            session.fail(error)
        }
        let problems = await alerts.finish(
            .backupFailed, failure: session.failure, events: session.log.events)
        for problem in problems { session.log.say(.alertUntold(problem)) }
        report.events = session.log.events
        report.exitStatus = session.exitStatus
        report.durationMilliseconds = session.elapsedMilliseconds
        return report
    }

    var settings: Configuration.Backup { session.settings }

    /// `pg_dumpall` sets neither an encoding nor time-outs itself.
    private func environment(_ parameters: PostgresParameters, _ inventory: DatabaseInventory) -> [String: String] {
        parameters.environment(options: inventory.neededOptions).merging(["PGCLIENTENCODING": inventory.encoding]) {
            $1
        }
    }

    // MARK: Before the dump

    /// Which database of which server it is, written down for commands that come while the server is away.
    private func identify(_ parameters: PostgresParameters) async throws(BackupFailure) -> BackupOwner {
        let identity = try await session.database { () throws(PostgresFailure) in
            try DatabaseIdentity(parameters, before: Deadline(after: .seconds(15)))
        }
        try rethrow(try BackupSource.save(identity, session.configuration), as: BackupFailure.file)
        return BackupOwner(session.configuration.service, identity)
    }

    private mutating func sweepFolder() throws(BackupFailure) {
        let removed = try rethrow(try session.folder.sweep(), as: BackupFailure.file)
        if removed > 0 { session.log.say(.leftoversRemoved(removed)) }
    }

    private func programs(for server: DatabaseServer) async throws(BackupFailure) -> PostgresPrograms {
        let programs = try await PostgresPrograms.find(settings.dumpProgram)
        guard programs.majorVersion >= server.majorVersion else {
            throw .olderProgram(
                path: programs.dumpPath.string, version: programs.version, server: server.version)
        }
        return programs
    }

    /// A disk that fills up while the dump is written is everybody's.
    private func checkSpace(for owner: BackupOwner) throws(BackupFailure) {
        let last = try session.backups().first { owner.counts($0) && $0.manifest != nil }
        guard let bytes = last?.manifest?.bytes else { return }
        let needed = bytes + bytes / 2
        let free = try rethrow(try session.folder.freeSpace(), as: BackupFailure.file)
        guard free >= needed else {
            throw .tooLittleSpace(path: settings.folder.string, free: free, needed: needed)
        }
    }

    /// Names count seconds: two runs within one wait for the next.
    private func freeName(_ database: String, _ owner: BackupOwner) async throws(BackupFailure) -> BackupName {
        let mark = settings.upload.map { _ in owner.mark }
        var name = BackupName(database: database, time: session.now.wall, mark: mark)
        let taken = Set(try session.backups().map(\.name))
        while taken.contains(name) {
            try session.stopIfInterrupted()
            try? await Task.sleep(for: .milliseconds(50))
            name = BackupName(database: database, time: Moment.now().wall, mark: mark)
        }
        return name
    }
}
