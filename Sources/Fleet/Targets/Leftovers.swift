package import Connections
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
}
