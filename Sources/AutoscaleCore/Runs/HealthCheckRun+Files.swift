import Decisions
import Glibc
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
                findings[.lastRun] =
                    try history.last().map { record in
                        .lastRun(age: record.start.map { now.wall - $0 } ?? .max, exitStatus: record.exitStatus)
                    } ?? .neverRan
            }
            if wanted.contains(.maximum) {
                let maximum = configuration.scaling.backends.upperBound
                findings[.maximum] = .maximum(
                    minutes: try history.minutes(at: maximum, since: now.wall - 86_400), of: maximum)
            }
        } catch {
            let words = CheckFinding.unknown(error.sentence(in: configuration.language))
            for name in [CheckName.lastRun, .maximum] where findings[name] == nil { findings[name] = words }
        }
        return findings
    }

    private func backupFinding() -> CheckFinding {
        do throws(FileFailure) {
            for backup in try BackupFolder(configuration.backup.folder).backups() {
                guard case .whole(let manifest) = backup.standing, manifest.verification != nil else { continue }
                return .backup(name: backup.name.description, age: now.wall - backup.name.time)
            }
            return .noBackup
        } catch {
            return .unknown(error.sentence(in: configuration.language))
        }
    }

    // MARK: Disk

    func diskCheck() async -> [Found] {
        await look([.disk]) { await onThread([.disk]) { [.disk: diskFinding()] } }
    }

    private func diskFinding() -> CheckFinding {
        let language = configuration.language
        var places: [(use: String, path: FilePath)] = [
            (language.choose("state", "estado"), StateFile(configuration.stateFile).folder),
            (language.choose("logs", "registros"), configuration.logFolder),
            (language.choose("backups", "copias"), configuration.backup.folder),
        ]
        if let docker = configuration.docker, configuration.target == .docker, case .unixSocket = docker.endpoint,
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
