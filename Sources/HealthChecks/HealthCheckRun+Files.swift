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

    private func historyFindings() -> [CheckName: CheckFinding] {
        let history = StateFile(configuration.stateFile).history
        var findings: [CheckName: CheckFinding] = [:]
        do throws(FileFailure) {
            if wanted.contains(.lastRun) {
                let last = try history.last(of: configuration.service, at: now)
                let finding =
                    last.record.map { record in
                        CheckFinding.lastRun(
                            age: record.start.map { max(0, now.wall - $0) } ?? .max, exitStatus: record.exitStatus)
                    } ?? .neverRan
                findings[.lastRun] = last.future.map { .beside(future: [$0], finding) } ?? finding
            }
            if wanted.contains(.maximum) {
                let maximum = configuration.scaling.backends.upperBound
                let isFixed = maximum == configuration.scaling.backends.lowerBound
                findings[.maximum] =
                    isFixed
                    ? .notAsked(
                        configuration.language.choose(
                            "MIN_BACKENDS and MAX_BACKENDS are both \(maximum): a fleet of fixed size",
                            "MIN_BACKENDS y MAX_BACKENDS son ambos \(maximum): flota de tamaño fijo"))
                    : .maximum(
                        minutes: try history.minutes(at: maximum, since: now.wall - 86_400, until: now.wall),
                        of: maximum)
            }
        } catch {
            let words = CheckFinding.unknown(error.sentence(in: configuration.language))
            for name in [CheckName.lastRun, .maximum] where findings[name] == nil { findings[name] = words }
        }
        return findings
    }

    private func backupFinding() -> CheckFinding {
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
                let words = others.map { $0.sentence(in: configuration.language).escapingControls() }
                let finding = words.isEmpty ? CheckFinding.noBackup : .onlyBackupsOfOthers(words)
                return future.isEmpty ? finding : .beside(future: future, finding)
            }
            let finding = finding(newest, among: stored.filter(owner.counts))
            return future.isEmpty ? finding : .beside(future: future, finding)
        } catch {
            return .unknown(error.sentence(in: configuration.language))
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

    private func diskFinding() -> CheckFinding {
        let language = configuration.language
        var places: [(use: String, path: FilePath)] = [
            (language.choose("state", "estado"), configuration.places.folder),
            (language.choose("logs", "registros"), configuration.logFolder),
            (language.choose("backups", "copias"), configuration.backup.folder),
        ]
        if let docker = configuration.target.docker?.host, case .unixSocket = docker.endpoint,
            let root = try? DockerEngine(docker).rootFolder(before: Deadline(after: settings.timeout))
        {
            places.append(("Docker", FilePath(root)))
        }
        var disks: [UInt: DiskFound] = [:]
        var order: [UInt] = []
        for place in places {
            guard let room = FileSystemRoom(of: place.path) else { continue }
            if disks[room.device] == nil { order.append(room.device) }
            disks[room.device] = DiskFound(
                uses: (disks[room.device]?.uses ?? []) + [place.use],
                path: disks[room.device]?.path ?? place.path.string, free: room.free, total: room.total)
        }
        let found = order.compactMap { disks[$0] }
        return found.isEmpty
            ? .unknown(language.choose("no file system could be looked at", "no se pudo mirar ningún disco"))
            : .disk(found)
    }

    // MARK: Workers

    func workersCheck() async -> [Found] {
        await look([.workers]) { await onThread([.workers]) { [.workers: Self.workersFinding()] } }
    }

    /// NGINX names its workers so in their titles (`ngx_setproctitle`), also while they wait for their last connections.
    private static func workersFinding() -> CheckFinding {
        do throws(Errno) {
            var current = 0
            var old = 0
            for status in try ProcessTable.running() {
                guard let title = ProcessTable.commandLine(of: status.identity.pid).first,
                    title.hasPrefix("nginx: worker process")
                else { continue }
                if title.hasPrefix("nginx: worker process is shutting down") { old += 1 } else { current += 1 }
            }
            return .workers(current: current, old: old)
        } catch {
            return .unknown("/proc: \(error)")
        }
    }
}
