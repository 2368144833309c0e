import Decisions
import Host

/// An element of `GET /containers/json` with what it uses.
package struct DockerContainerUse: Decodable, Sendable {
    package let container: DockerContainer
    /// As it was named when the container was made, and its id.
    package let images: Set<String>
    /// Names of volumes.
    package let volumes: Set<String>

    private enum Key: String, CodingKey {
        case image = "Image"
        case imageID = "ImageID"
        case mounts = "Mounts"
    }

    private struct Mount: Decodable {
        let name: String?

        enum CodingKeys: String, CodingKey {
            case name = "Name"
        }
    }

    package init(from decoder: any Decoder) throws {
        container = try DockerContainer(from: decoder)
        let fields = try decoder.container(keyedBy: Key.self)
        let names = [Key.image, .imageID].compactMap { try? fields.decodeIfPresent(String.self, forKey: $0) }
        images = Set(names.filter { !$0.isEmpty })
        volumes = Set((try fields.decodeIfPresent([Mount].self, forKey: .mounts) ?? []).compactMap(\.name))
    }
}

/// The part of `GET /containers/{id}/json?size=1` that says since when it is idle.
package struct DockerIdleTime: Decodable, Sendable {
    private let state: State
    private let created: DockerTime
    /// Of its own writable layer.
    package let bytes: Int?

    private struct State: Decodable {
        let status: String
        let finished: DockerTime

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case finished = "FinishedAt"
        }
    }

    enum CodingKeys: String, CodingKey {
        case state = "State"
        case created = "Created"
        case bytes = "SizeRw"
    }

    package var wasStarted: Bool { state.finished.seconds != nil }
    /// Docker's word for its state.
    package var status: String { state.status }
    /// Unix time since which it does nothing; `nil` where Docker does not say.
    package var since: Int? { state.finished.seconds ?? created.seconds }
}

/// An element of `GET /images/json`.
package struct DockerImage: Decodable, Sendable {
    package let id: DockerImageID
    /// Unix time in seconds at which it was built, here or elsewhere.
    package let created: Int
    /// With what it shares with others.
    package let bytes: Int
    package let labels: [String: String]
    private let tags: [String]
    private let digests: [String]

    private enum Key: String, CodingKey {
        case id = "Id"
        case created = "Created"
        case bytes = "Size"
        case labels = "Labels"
        case tags = "RepoTags"
        case digests = "RepoDigests"
    }

    /// Lists and maps may be null: Go writes an empty one so.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        id = try fields.decode(DockerImageID.self, forKey: .id)
        created = try fields.decode(Int.self, forKey: .created)
        bytes = max(0, try fields.decode(Int.self, forKey: .bytes))
        labels = try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        tags = try fields.decodeIfPresent([String].self, forKey: .tags) ?? []
        digests = try fields.decodeIfPresent([String].self, forKey: .digests) ?? []
    }

    /// What leads to it. A digest goes with the last tag of its repository, so it counts only where there is no such tag;
    /// `<none>` is no name.
    package var references: [String] {
        let tags = tags.filter { !$0.contains("<none>") }
        let tagged = Set(tags.map(\.imageRepository))
        return tags + digests.filter { !$0.contains("<none>") && !tagged.contains($0.imageRepository) }
    }

    /// Every name, those that go with a tag, too.
    package var names: Set<String> { Set(tags + digests) }
}

/// An image's full id, checked: it stands in the paths of our requests.
package struct DockerImageID: Hashable, Sendable, Decodable {
    package let text: String

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text = try container.decode(String.self)
        let digits = text.utf8.dropFirst(7)
        let isHex = digits.allSatisfy(\.isLowercaseHexDigit)
        guard text.hasPrefix("sha256:"), digits.count == 64, isHex else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an image's id")
        }
    }
}

/// The part of `GET /images/{name}/json` that the list does not tell.
package struct DockerImageInspection: Decodable {
    package let id: DockerImageID
    private let metadata: Metadata?

    private struct Metadata: Decodable {
        let lastTagged: DockerTime?

        enum CodingKeys: String, CodingKey {
            case lastTagged = "LastTagTime"
        }
    }

    /// When it last got a name on this engine; Unix time.
    package var lastTagged: Int? { metadata?.lastTagged?.seconds }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case metadata = "Metadata"
    }
}

/// An element of `GET /volumes`.
package struct DockerVolume: Decodable, Sendable {
    package let name: String
    package let driver: String
    package let labels: [String: String]
    private let created: DockerTime?

    private enum Key: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case labels = "Labels"
        case created = "CreatedAt"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        name = try fields.decode(String.self, forKey: .name)
        driver = try fields.decode(String.self, forKey: .driver)
        labels = try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        created = try fields.decodeIfPresent(DockerTime.self, forKey: .created)
    }

    /// Unix time.
    package var createdAt: Int? { created?.seconds }

    /// Docker itself made up the name: 64 hex digits, or, since Docker 23, a label that says so.
    package var isAnonymous: Bool {
        let isHex = name.utf8.allSatisfy(\.isLowercaseHexDigit)
        return driver == "local"
            && (name.utf8.count == 64 && isHex || labels["com.docker.volume.anonymous"] != nil)
    }
}

struct DockerVolumes: Decodable {
    let volumes: [DockerVolume]?

    enum CodingKeys: String, CodingKey {
        case volumes = "Volumes"
    }
}

/// `GET /system/df`: what takes how much room.
package struct DockerUsage: Decodable, Sendable {
    /// All layers of all images, each once.
    package let layers: Int
    package let containers: Int
    /// By the volume's name.
    package let volumes: [String: Int]
    package let buildCache: [CacheRecord]

    package struct CacheRecord: Decodable, Sendable {
        package let isInUse: Bool
        package let isShared: Bool
        package let bytes: Int
        private let created: DockerTime?
        private let used: DockerTime?

        enum CodingKeys: String, CodingKey {
            case isInUse = "InUse"
            case isShared = "Shared"
            case bytes = "Size"
            case created = "CreatedAt"
            case used = "LastUsedAt"
        }

        /// Unix time.
        package var lastUsed: Int? { used?.seconds ?? created?.seconds }
    }

    private enum Key: String, CodingKey {
        case layers = "LayersSize"
        case containers = "Containers"
        case volumes = "Volumes"
        case buildCache = "BuildCache"
    }

    private struct Container: Decodable {
        let bytes: Int?

        enum CodingKeys: String, CodingKey {
            case bytes = "SizeRw"
        }
    }

    private struct Volume: Decodable {
        let name: String
        let usage: Usage?

        struct Usage: Decodable {
            let bytes: Int

            enum CodingKeys: String, CodingKey {
                case bytes = "Size"
            }
        }

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case usage = "UsageData"
        }
    }

    /// Sizes that Docker does not know are -1 there, and absent here.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        layers = max(0, try fields.decodeIfPresent(Int.self, forKey: .layers) ?? 0)
        let containers = try fields.decodeIfPresent([Container].self, forKey: .containers) ?? []
        self.containers = containers.compactMap(\.bytes).reduce(0) { $0 &+ max(0, $1) }
        let volumes = try fields.decodeIfPresent([Volume].self, forKey: .volumes) ?? []
        self.volumes = Dictionary(
            volumes.compactMap { volume in
                volume.usage.flatMap { $0.bytes < 0 ? nil : (volume.name, $0.bytes) }
            }, uniquingKeysWith: max)
        buildCache = try fields.decodeIfPresent([CacheRecord].self, forKey: .buildCache) ?? []
    }
}

/// A time as Docker writes it: `2024-01-15T14:30:05.123456789Z`, or with an offset; year 1 is its word for none.
package struct DockerTime: Decodable, Equatable, Sendable {
    /// Unix time; `nil` where there is none, or where it can't be read.
    package let seconds: Int?

    package init(_ text: String) {
        seconds = Self.read(text)
    }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// RFC 3339.
    private static func read(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        else { return nil }
        func digits(_ ranges: Range<Int>...) -> String {
            String(decoding: ranges.flatMap { bytes[$0] }, as: UTF8.self)
        }
        guard let time = CompactTime(date: digits(0..<4, 5..<7, 8..<10), clock: digits(11..<13, 14..<16, 17..<19)),
            time.seconds > 0
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop(while: \.isASCIIDigit)
        }
        if rest.elementsEqual("Z".utf8) { return time.seconds }
        return offset(Array(rest)).map { time.seconds - $0 }
    }

    /// `+01:00` in seconds.
    private static func offset(_ bytes: [UInt8]) -> Int? {
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"),
            bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            let hours = UInt8(String(decoding: bytes[1...2], as: UTF8.self)),
            let minutes = UInt8(String(decoding: bytes[4...5], as: UTF8.self)), hours < 24, minutes < 60
        else { return nil }
        let seconds = Int(hours) * 3600 + Int(minutes) * 60
        return bytes[0] == UInt8(ascii: "-") ? -seconds : seconds
    }
}
