package import Connections
package import Host
package import SystemPackage

/// What a target leaves behind, and where. `cleanup`, `healthcheck` and `config check` ask for it and know no target by name.
package struct Leftovers: Equatable, Sendable {
    /// Containers and images of the service.
    package struct Containers: Equatable, Sendable {
        package let engine: DockerAddress
        /// What new containers are made of.
        package let image: String?

        package init(engine: DockerAddress, image: String? = nil) {
            self.engine = engine
            self.image = image
        }
    }

    package let containers: Containers?
    /// Folders of this host with files that are named after backends.
    package let folders: [FilePath]

    package init(containers: Containers? = nil, folders: [FilePath] = []) {
        self.containers = containers
        self.folders = folders
    }

    /// A folder whose file system fills up by it.
    package struct Disk: Equatable, Sendable {
        package let use: String
        package let path: FilePath
    }

    /// Beside the folders: where an engine on this host keeps everything; nothing where it does not answer.
    package func disks(before deadline: Deadline) -> [Disk] {
        guard let engine = containers?.engine, case .unixSocket = engine.endpoint,
            let root = try? DockerEngine(engine).rootFolder(before: deadline)
        else { return [] }
        return [Disk(use: "Docker", path: FilePath(root))]
    }
}
