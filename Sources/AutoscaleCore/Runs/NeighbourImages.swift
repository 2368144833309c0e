import Decisions
import FoundationEssentials
import Glibc
import SystemPackage

/// Images that other services of this host are configured with, or were: "nobody uses it" can't be judged from one
/// configuration.
struct NeighbourImages {
    /// As they are configured.
    private(set) var references: Set<String> = []
    /// A configuration that is there and can't be read: nothing is known of its images.
    private(set) var unread: [String] = []

    private static let sharedFolder: FilePath = "/etc/autoscale"

    /// Looks at the configurations beside this one and in /etc/autoscale, and at what the services that they name wrote down.
    init(of configuration: Configuration) {
        let beside = configuration.path.removingLastComponent()
        var seen: Set<Identity> = []
        if let own = Identity(configuration.path) { seen.insert(own) }
        for place in [beside.isEmpty ? "." : beside, Self.sharedFolder] {
            for name in Self.names(in: place) {
                let path = place.appending(name)
                if let identity = Identity(path), seen.insert(identity).inserted { read(path) }
            }
        }
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

    private static func names(in folder: FilePath) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        return names.filter { $0.hasSuffix(".conf") }.sorted()
    }

    /// What is wrong with its other keys is its own service's business.
    private mutating func read(_ path: FilePath) {
        guard let bytes = try? DurableFile.contents(of: path), let text = String(validating: bytes, as: UTF8.self)
        else {
            return unread.append(path.string)
        }
        let values = Dictionary(SettingsFile(text: text).lines.map { ($0.key, $0.value) }) { $1 }
        if let image = values["BACKEND_IMAGE"], !image.isEmpty { references.insert(image) }
        let folder = path.removingLastComponent()
        let base = folder.lastComponent == "config" ? folder.removingLastComponent() : folder
        let stateFile = base.pushing(FilePath(values["STATE_FILE"] ?? "state/autoscale.json"))
        if let record = ImageRecord.load(in: stateFile.removingLastComponent()),
            record.service == values["SERVICE"] ?? "app"
        {
            references.formUnion(record.references)
        }
    }
}
