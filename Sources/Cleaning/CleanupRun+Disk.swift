import Connections
import Decisions
import Fleet
import Host
import Reporting
import Settings
import SystemPackage

extension CleanupRun {
    /// How many of the largest things are named.
    private static let named = 4

    /// Says which file systems of ours have too little free, and what is largest there of what we know.
    mutating func lookAtDisks() {
        let deadline = Deadline(after: .seconds(150))
        let own = OwnDisks(configuration, before: deadline)
        let floor = configuration.cleanup.minimumFree
        for disk in own.disks where floor.level(free: disk.room.free, ofTotal: disk.room.total) != .ok {
            var rooms = ourRooms(on: disk.room.device)
            if disk.uses.contains(.docker), let usage = try? own.engine?.usage(before: deadline) {
                rooms += dockerRooms(usage)
            }
            let largest = rooms.filter { $0.bytes > 0 }.sorted { ($0.bytes, $1.name) > ($1.bytes, $0.name) }
            let low = CleanupReport.LowDisk(
                path: disk.path.string, freeBytes: disk.room.free,
                minimumBytes: floor.floor(ofTotal: disk.room.total), largest: Array(largest.prefix(Self.named)))
            report.lowDisks.append(low)
            if floor.level(free: disk.room.free, ofTotal: disk.room.total) == .critical { hasCriticalDisk = true }
            log.say(.diskLow(low))
        }
    }

    /// The same event, by the same limits, that `healthcheck` finds.
    var diskFindings: AlertFindings {
        guard hasLookedAtDisks else { return AlertFindings() }
        guard !report.lowDisks.isEmpty else { return AlertFindings(judged: [.diskLow]) }
        let sentences = report.lowDisks.map { CleanupMessage.diskLow($0).sentence(in: configuration.language) }
        return AlertFindings(
            [
                AlertFinding(
                    .diskLow, severity: hasCriticalDisk ? .critical : .warning, text: sentences.joined(separator: "; "))
            ], judged: [.diskLow])
    }

    private func ourRooms(on device: UInt) -> [CleanupReport.Room] {
        let folders = [
            (CleanupReport.Use.logs, configuration.logFolder), (.backups, configuration.backup.folder),
            (.history, stateFile.history.path),
        ]
        return folders.compactMap { use, path in
            guard FileSystemRoom(of: path)?.device == device, let folder = try? OwnFolder(path),
                let items = try? folder.items(where: { _ in true })
            else { return nil }
            return .init(
                name: "\(use.sentence(in: configuration.language)) (\(path))",
                bytes: items.filter { $0.oddity == nil }.reduce(0) { $0 &+ $1.bytes })
        }
    }

    private func dockerRooms(_ usage: DockerUsage) -> [CleanupReport.Room] {
        let bytes: KeyValuePairs<CleanupReport.Use, Int> = [
            .images: usage.layers, .containers: usage.containers,
            .volumes: usage.volumes.values.reduce(0) { $0 &+ $1 },
            .buildCache: usage.buildCache.filter { !$0.isShared }.reduce(0) { $0 &+ max(0, $1.bytes) },
        ]
        return bytes.map { .init(name: $0.sentence(in: configuration.language), bytes: $1) }
    }
}
