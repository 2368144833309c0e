package import Connections
package import Decisions
package import Host
package import Settings
package import SystemPackage

/// The disks that hold what is ours, each once: logs, backups, state, and Docker's root where Docker is used and runs on this
/// host.
package struct OwnDisks: Sendable {
    package struct Disk: Sendable {
        package fileprivate(set) var uses: [DiskUse]
        /// The first folder of ours there.
        package let path: FilePath
        package let room: FileSystemRoom
    }

    package private(set) var disks: [Disk] = []
    /// `nil` where no Docker of this host is used.
    package let engine: DockerEngine?

    package init(_ configuration: Configuration, before deadline: Deadline) {
        engine = Self.localEngine(configuration)
        add(.logs, configuration.logFolder)
        add(.backups, configuration.backup.folder)
        add(.state, configuration.places.folder)
        if let root = try? engine?.rootFolder(before: deadline) { add(.docker, FilePath(root)) }
    }

    private mutating func add(_ use: DiskUse, _ path: FilePath) {
        guard let room = FileSystemRoom(of: path) else { return }
        if let known = disks.firstIndex(where: { $0.room.device == room.device }) {
            disks[known].uses.append(use)
        } else {
            disks.append(Disk(uses: [use], path: path, room: room))
        }
    }

    private static func localEngine(_ configuration: Configuration) -> DockerEngine? {
        let used = configuration.leftovers.containers?.engine ?? configuration.docker
        guard let address = used, case .unixSocket = address.endpoint else { return nil }
        return DockerEngine(address)
    }
}
