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
        var places = [configuration.logFolder, configuration.backup.folder, stateFile.folder]
        let engine = localEngine
        let deadline = Deadline(after: .seconds(150))
        let root = engine.flatMap { try? $0.rootFolder(before: deadline) }.map { FilePath($0) }
        if let root { places.append(root) }
        var seen: Set<UInt> = []
        for place in places {
            guard let disk = FileSystemRoom(of: place), seen.insert(disk.device).inserted else { continue }
            let minimum = configuration.cleanup.minimumFree.floor(ofTotal: disk.total)
            guard disk.free < minimum else { continue }
            var rooms = ourRooms(on: disk.device)
            if let engine, let root, FileSystemRoom(of: root)?.device == disk.device,
                let usage = try? engine.usage(before: deadline)
            {
                rooms += dockerRooms(usage)
            }
            let largest = rooms.filter { $0.bytes > 0 }.sorted { ($0.bytes, $1.name) > ($1.bytes, $0.name) }
            let low = CleanupReport.LowDisk(
                path: place.string, freeBytes: disk.free, minimumBytes: minimum,
                largest: Array(largest.prefix(Self.named)))
            report.lowDisks.append(low)
            log.say(.diskLow(low))
        }
    }

    /// The same event, by the same limits, that `healthcheck` finds.
    var diskFindings: AlertFindings {
        guard hasLookedAtDisks else { return AlertFindings() }
        guard !report.lowDisks.isEmpty else { return AlertFindings(judged: [.diskLow]) }
        let isCritical = report.lowDisks.contains { $0.freeBytes < $0.minimumBytes / 2 }
        let sentences = report.lowDisks.map { CleanupMessage.diskLow($0).sentence(in: configuration.language) }
        return AlertFindings(
            [
                AlertFinding(
                    .diskLow, severity: isCritical ? .critical : .warning, text: sentences.joined(separator: "; "))
            ], judged: [.diskLow])
    }

    /// Docker's engine where it is asked for at all, and listens on this host.
    private var localEngine: DockerEngine? {
        guard let address = configuration.docker,
            case .unixSocket = address.endpoint
        else { return nil }
        return DockerEngine(address)
    }

    private func ourRooms(on device: UInt) -> [CleanupReport.Room] {
        let folders = [
            (configuration.language.choose("logs", "registros"), configuration.logFolder),
            (configuration.language.choose("backups", "copias"), configuration.backup.folder),
            (configuration.language.choose("history", "historial"), stateFile.history.path),
        ]
        return folders.compactMap { name, path in
            guard FileSystemRoom(of: path)?.device == device, let folder = try? OwnFolder(path),
                let items = try? folder.items(where: { _ in true })
            else { return nil }
            return .init(
                name: "\(name) (\(path))", bytes: items.filter { $0.oddity == nil }.reduce(0) { $0 &+ $1.bytes })
        }
    }

    private func dockerRooms(_ usage: DockerUsage) -> [CleanupReport.Room] {
        let language = configuration.language
        return [
            .init(name: language.choose("images", "imágenes"), bytes: usage.layers),
            .init(name: language.choose("containers", "contenedores"), bytes: usage.containers),
            .init(
                name: language.choose("volumes", "volúmenes"), bytes: usage.volumes.values.reduce(0) { $0 &+ $1 }),
            .init(
                name: language.choose("build cache", "caché de compilación"),
                bytes: usage.buildCache.filter { !$0.isShared }.reduce(0) { $0 &+ max(0, $1.bytes) }),
        ]
    }
}
