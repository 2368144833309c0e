import Backups
import Connections
import Decisions
import Fleet
import Glibc
import Host
import Settings
import SystemPackage

extension HealthCheckRun {
    /// What our own files tell: history and backups.
    func recordChecks() async -> [Found] {
        async let history = look([.lastRun, .maximum]) { await onThread([.lastRun, .maximum]) { historyFindings() } }
        async let backups = look([.backup]) { await onThread([.backup]) { [.backup: backupFinding()] } }
        return await history + backups
    }

    private func historyFindings() -> [CheckName: CheckOutcome] {
        let history = StateFile(configuration.stateFile).history
        var findings: [CheckName: CheckOutcome] = [:]
        do throws(FileFailure) {
            if wanted.contains(.lastRun) {
                let last = try history.last(of: configuration.service, at: now)
                let finding =
                    last.record.map { record in
                        CheckFinding.lastRun(
                            age: record.start.map { max(0, now.wall - $0) } ?? .max, exitStatus: record.exitStatus)
                    } ?? .neverRan
                findings[.lastRun] = .found(last.future.map { .beside(future: [$0], finding) } ?? finding)
            }
            if wanted.contains(.maximum) {
                let maximum = configuration.scaling.backends.upperBound
                let isFixed = maximum == configuration.scaling.backends.lowerBound
                findings[.maximum] =
                    .found(
                        isFixed
                            ? .notAsked(.fixedFleet(maximum))
                            : .maximum(
                                minutes: try history.minutes(at: maximum, since: now.wall - 86_400, until: now.wall),
                                of: maximum))
            }
        } catch {
            for name in [CheckName.lastRun, .maximum] where findings[name] == nil {
                findings[name] = .unknown(.file(error))
            }
        }
        return findings
    }

    private func backupFinding() -> CheckOutcome {
        do throws(FileFailure) {
            let stored = try BackupFolder(configuration.backup.folder).backups()
            // Asking costs a connection; where nothing lies there, nothing depends on the answer.
            let owner =
                stored.isEmpty
                ? BackupOwner(service: configuration.service, database: nil, server: .unasked)
                : BackupOwner.find(configuration)
            let verified = stored.filter { backup in
                guard owner.counts(backup), case .whole(let manifest) = backup.standing else { return false }
                return manifest.verification != nil
            }
            let future = verified.filter { $0.name.time > now.wall }.map(\.name.description)
            guard let newest = verified.first(where: { $0.name.time <= now.wall }) else {
                let others = owner.others(in: stored).filter { $0.relation != .unproven }
                let finding = others.isEmpty ? CheckFinding.noBackup : .onlyBackupsOfOthers(others)
                return .found(future.isEmpty ? finding : .beside(future: future, finding))
            }
            let finding = finding(newest, among: stored.filter(owner.counts))
            return .found(future.isEmpty ? finding : .beside(future: future, finding))
        } catch {
            return .unknown(.file(error))
        }
    }

    private func finding(_ newest: StoredBackup, among backups: [StoredBackup]) -> CheckFinding {
        let name = newest.name.description
        let age = now.wall - newest.name.time
        guard let failed = StoredBackup.lastDrillThatFailed(backups) else { return .backup(name: name, age: age) }
        return .drillFailed(
            name: name, age: age, drilled: failed.name.description, when: failed.drill.time, why: failed.drill.why)
    }

    // MARK: Disk

    func diskCheck() async -> [Found] {
        await look([.disk]) { await onThread([.disk]) { [.disk: diskFinding()] } }
    }

    private func diskFinding() -> CheckOutcome {
        let disks = OwnDisks(configuration, before: Deadline(after: settings.timeout)).disks
        guard !disks.isEmpty else { return .unknown(.noFileSystem) }
        return .found(
            .disk(
                disks.map {
                    DiskFound(uses: $0.uses, path: $0.path.string, free: $0.room.free, total: $0.room.total)
                }))
    }

    // MARK: Workers

    func workersCheck() async -> [Found] {
        guard configuration.publisher.sendsRequests else {
            return await look([.workers]) { [.workers: .found(.notAsked(.nothingPublished))] }
        }
        return await look([.workers]) { await onThread([.workers]) { [.workers: Self.workersFinding()] } }
    }

    /// NGINX names its workers so in their titles (`ngx_setproctitle`), also while they wait for their last connections.
    private static func workersFinding() -> CheckOutcome {
        do throws(Errno) {
            var current = 0
            var old = 0
            for status in try ProcessTable.running() {
                guard let title = ProcessTable.commandLine(of: status.identity.pid).first,
                    title.hasPrefix("nginx: worker process")
                else { continue }
                if title.hasPrefix("nginx: worker process is shutting down") { old += 1 } else { current += 1 }
            }
            return .found(.workers(current: current, old: old))
        } catch {
            return .unknown(.processes(error))
        }
    }
}
