import FoundationEssentials
import Glibc
import Host
package import SystemPackage

/// Another configuration on this host, as far as it names what two services can't share.
package struct NeighbourConfiguration: Equatable, Sendable {
    package let path: FilePath
    package let service: String
    package let stateFile: FilePath
    /// `nil` where it publishes nothing.
    package let upstreamFile: FilePath?
    package let backendName: String
    package let image: String?

    /// What lies beside this configuration and in /etc/autoscale.
    package struct All: Sendable {
        package fileprivate(set) var known: [NeighbourConfiguration] = []
        /// There and not to be read: nothing is known of what it names.
        package fileprivate(set) var unread: [FilePath] = []
    }

    /// One with the same service and the same state file is this service's own, under another name.
    package static func all(beside configuration: Configuration) -> All {
        let beside = configuration.path.removingLastComponent()
        var all = All()
        var seen: Set<Identity> = []
        if let own = Identity(configuration.path) { seen.insert(own) }
        for place in [beside.isEmpty ? "." : beside, Places.sharedConfigurations] {
            for name in names(in: place) {
                let path = place.appending(name)
                guard let identity = Identity(path), seen.insert(identity).inserted else { continue }
                guard let neighbour = NeighbourConfiguration(path) else {
                    all.unread.append(path)
                    continue
                }
                let isSame =
                    neighbour.service == configuration.service && neighbour.stateFile == configuration.stateFile
                if !isSame { all.known.append(neighbour) }
            }
        }
        return all
    }

    private static func names(in folder: FilePath) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        return names.filter { $0.hasSuffix(".conf") }.sorted()
    }

    /// What is wrong with its other keys is its own service's business.
    private init?(_ path: FilePath) {
        guard let bytes = try? DurableFile.contents(of: path), let text = String(validating: bytes, as: UTF8.self)
        else {
            return nil
        }
        let values = Dictionary(SettingsFile(text: text).lines.map { ($0.key, $0.value) }) { $1 }
        func written(_ key: ConfigurationKey) -> String? { values[key.rawValue] ?? key.defaultText }
        let folder = FilePath(FileManager.default.currentDirectoryPath)
        let base = Places.base(of: folder.pushing(path).lexicallyNormalized())
        func file(_ key: ConfigurationKey) -> FilePath? {
            written(key).map { base.pushing(FilePath($0)).lexicallyNormalized() }
        }
        guard let service = written(.service), let stateFile = file(.stateFile) else { return nil }
        self.path = path
        self.service = service
        self.stateFile = stateFile
        upstreamFile = written(.publisher) == Configuration.PublisherKind.none.rawValue ? nil : file(.upstreamFile)
        backendName = written(.backendName) ?? Configuration.standardName(of: service)
        image = written(.backendImage).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// One file may have several names; stat(2).
    private struct Identity: Hashable {
        let device: UInt
        let inode: UInt

        /// `nil` where no file is there.
        init?(_ path: FilePath) {
            var info = stat()
            guard stat(path.string, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
            device = UInt(info.st_dev)
            inode = UInt(info.st_ino)
        }
    }
}
