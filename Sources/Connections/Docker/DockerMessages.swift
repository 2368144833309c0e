import Decisions
import FoundationEssentials

/// A container's full id, checked: it stands in the paths of our requests.
package struct ContainerID: Hashable, Sendable {
    package let text: String

    package init?(_ text: String) {
        let isHex = text.utf8.allSatisfy(\.isLowercaseHexDigit)
        guard text.utf8.count == 64, isHex else { return nil }
        self.text = text
    }
}

extension ContainerID: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = ContainerID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a container's id")
        }
        self = id
    }
}

/// An element of `GET /containers/json`.
package struct DockerContainer: Equatable, Sendable {
    package let id: ContainerID
    /// With a leading slash, and more than one where other containers link to it.
    package let names: [String]
    /// Unix time in seconds.
    package let created: Int
    /// Docker's word: `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead`.
    package let state: String
    /// Ours; it may have any number of others.
    package let labels: [String: String]
    /// Present while it runs only.
    package let ports: [Port]
    package let networks: [String: Network]
    /// `host`: it has no network of its own and listens on this host's addresses.
    package let networkMode: String?

    package struct Port: Equatable, Sendable, Decodable {
        /// The host's address; absent where the port is not published.
        package let address: String?
        package let inside: Int
        package let published: Int?
        package let transport: String?

        enum CodingKeys: String, CodingKey {
            case address = "IP"
            case inside = "PrivatePort"
            case published = "PublicPort"
            case transport = "Type"
        }
    }

    /// Addresses are empty while it does not run.
    package struct Network: Equatable, Sendable, Decodable {
        package let ipv4: String?
        package let ipv6: String?
        /// Made anew by every start, and the list tells it: nothing has to be asked for each container.
        package let endpoint: String?

        enum CodingKeys: String, CodingKey {
            case endpoint = "EndpointID"
            case ipv4 = "IPAddress"
            case ipv6 = "GlobalIPv6Address"
        }
    }
}

extension DockerContainer: Decodable {
    private enum Key: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case created = "Created"
        case state = "State"
        case labels = "Labels"
        case ports = "Ports"
        case networkSettings = "NetworkSettings"
        case networks = "Networks"
        case hostConfiguration = "HostConfig"
        case networkMode = "NetworkMode"
    }

    /// Lists and maps may be null: Go writes an empty one so.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        id = try fields.decode(ContainerID.self, forKey: .id)
        names = try fields.decodeIfPresent([String].self, forKey: .names) ?? []
        created = try fields.decode(Int.self, forKey: .created)
        state = try fields.decode(String.self, forKey: .state)
        labels = try Self.ownLabels(fields)
        ports = try fields.decodeIfPresent([Port].self, forKey: .ports) ?? []
        let settings = try? fields.nestedContainer(keyedBy: Key.self, forKey: .networkSettings)
        networks =
            try settings?.decodeIfPresent([String: Network?].self, forKey: .networks)?.compactMapValues(\.self) ?? [:]
        let host = try? fields.nestedContainer(keyedBy: Key.self, forKey: .hostConfiguration)
        networkMode = try host?.decodeIfPresent(String.self, forKey: .networkMode)
    }

    private struct LabelKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static func ownLabels(_ fields: KeyedDecodingContainer<Key>) throws -> [String: String] {
        guard fields.contains(.labels), try !fields.decodeNil(forKey: .labels) else { return [:] }
        let all = try fields.nestedContainer(keyedBy: LabelKey.self, forKey: .labels)
        var labels: [String: String] = [:]
        for name in DockerLabel.all {
            labels[name] = try all.decodeIfPresent(String.self, forKey: LabelKey(stringValue: name))
        }
        return labels
    }
}

/// The part of `GET /containers/{id}/json` that the list does not tell.
package struct DockerInspection: Decodable {
    let state: State
    let host: Host?

    struct State: Decodable {
        let isRunning: Bool
        /// In the engine's process namespace; 0 while it does not run.
        let processID: Int32
        /// Between two lives of its restart policy, which counts as running.
        let isRestarting: Bool?
        let exitCode: Int?
        let isOutOfMemory: Bool?

        enum CodingKeys: String, CodingKey {
            case isRunning = "Running"
            case processID = "Pid"
            case isRestarting = "Restarting"
            case exitCode = "ExitCode"
            case isOutOfMemory = "OOMKilled"
        }
    }

    struct Host: Decodable {
        /// What it publishes whenever it runs.
        let portBindings: [String: [Binding]?]?

        struct Binding: Decodable {
            /// A number, or two with `-` between them; empty: any.
            let hostPort: String?

            enum CodingKeys: String, CodingKey {
                case hostPort = "HostPort"
            }
        }

        enum CodingKeys: String, CodingKey {
            case portBindings = "PortBindings"
        }

        /// The ports of this host that it takes whenever it runs.
        var ports: Set<UInt16> {
            var ports: Set<UInt16> = []
            for binding in (portBindings ?? [:]).values.compactMap(\.self).joined() {
                let ends = (binding.hostPort ?? "").split(separator: "-").map { UInt16($0) }
                guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { continue }
                ports.formUnion(first...last)
            }
            return ports
        }
    }

    enum CodingKeys: String, CodingKey {
        case state = "State"
        case host = "HostConfig"
    }
}

/// The body of `POST /containers/create`.
package struct NewContainer: Encodable, Equatable, Sendable {
    package var image: String
    /// `NAME=value`.
    package var environment: [String]
    package var labels: [String: String]
    /// `3000/tcp`.
    package var exposedPorts: [String: Nothing]
    package var host: Host

    package init(
        image: String, environment: [String], labels: [String: String], exposedPorts: [String: Nothing], host: Host
    ) {
        self.image = image
        self.environment = environment
        self.labels = labels
        self.exposedPorts = exposedPorts
        self.host = host
    }

    package struct Host: Encodable, Equatable, Sendable {
        package var restartPolicy: RestartPolicy
        package var portBindings: [String: [PortBinding]]
        package var networkMode: String?
        /// Billionths of a processor.
        package var nanoCPUs: Int64?
        package var memoryBytes: Int64?
        package var memoryReservationBytes: Int64?

        package init(
            restartPolicy: RestartPolicy, portBindings: [String: [PortBinding]], networkMode: String? = nil,
            nanoCPUs: Int64? = nil, memoryBytes: Int64? = nil, memoryReservationBytes: Int64? = nil
        ) {
            self.restartPolicy = restartPolicy
            self.portBindings = portBindings
            self.networkMode = networkMode
            self.nanoCPUs = nanoCPUs
            self.memoryBytes = memoryBytes
            self.memoryReservationBytes = memoryReservationBytes
        }

        enum CodingKeys: String, CodingKey {
            case restartPolicy = "RestartPolicy"
            case portBindings = "PortBindings"
            case networkMode = "NetworkMode"
            case nanoCPUs = "NanoCpus"
            case memoryBytes = "Memory"
            case memoryReservationBytes = "MemoryReservation"
        }
    }

    package struct RestartPolicy: Encodable, Equatable, Sendable {
        package var name: String

        package init(name: String) {
            self.name = name
        }

        enum CodingKeys: String, CodingKey {
            case name = "Name"
        }
    }

    package struct PortBinding: Encodable, Equatable, Sendable {
        package var hostAddress: String
        /// A number, as text.
        package var hostPort: String

        package init(hostAddress: String, hostPort: String) {
            self.hostAddress = hostAddress
            self.hostPort = hostPort
        }

        enum CodingKeys: String, CodingKey {
            case hostAddress = "HostIp"
            case hostPort = "HostPort"
        }
    }

    /// `{}`, which is how the API writes a set's members.
    package struct Nothing: Encodable, Equatable, Sendable {
        package init() {}
    }

    enum CodingKeys: String, CodingKey {
        case image = "Image"
        case environment = "Env"
        case labels = "Labels"
        case exposedPorts = "ExposedPorts"
        case host = "HostConfig"
    }
}

struct DockerCreated: Decodable {
    let id: ContainerID

    enum CodingKeys: String, CodingKey {
        case id = "Id"
    }
}

/// The body of every refusal.
struct DockerRefusal: Decodable {
    let message: String
}
