import Connections
import Decisions
package import Settings

extension DockerTarget {
    package struct Settings: Equatable, Sendable {
        package enum Addressing: String, Sendable {
            /// NGINX runs on the host: backends are reached at 127.0.0.1 and a port of `hostPorts`.
            case published
            /// NGINX is a container itself: backends are reached at their own addresses, and publish nothing.
            case network
            /// Nobody sends requests to backends: they publish nothing, and have no address.
            case none
        }

        package var service: String
        /// Needed to start a backend only.
        package var image: String?
        package var network: String?
        /// Where the application listens inside its container.
        package var backendPort: UInt16
        package var hostPorts: ClosedRange<UInt16>
        package var addressing: Addressing
        /// Processors, 0.5 being half of one.
        package var cpus: Double?
        package var memoryBytes: Int64?
        package var memoryReservationBytes: Int64?
        package var environment: [String: String]
        /// Where it notes its image, for `cleanup`; `nil` for who only looks.
        package var places: Places?
        /// From SIGTERM to SIGKILL.
        package var stopTimeout: Duration

        package init(
            service: String, image: String? = nil, network: String? = nil, backendPort: UInt16 = 3000,
            hostPorts: ClosedRange<UInt16> = 3000...3099, addressing: Addressing = .published, cpus: Double? = nil,
            memoryBytes: Int64? = nil, memoryReservationBytes: Int64? = nil, environment: [String: String] = [:],
            places: Places? = nil, stopTimeout: Duration = .seconds(10)
        ) {
            self.service = service
            self.image = image
            self.network = network
            self.backendPort = backendPort
            self.hostPorts = hostPorts
            self.addressing = addressing
            self.cpus = cpus
            self.memoryBytes = memoryBytes
            self.memoryReservationBytes = memoryReservationBytes
            self.environment = environment
            self.places = places
            self.stopTimeout = stopTimeout
        }
    }
}

extension DockerTarget.Settings {
    /// What Docker is asked to create for one operation.
    /// - Parameter port: the port of 127.0.0.1 that leads to it; `nil` publishes none.
    func container(image: String, operation: String, created: Int, port: UInt16?) -> NewContainer {
        var labels = [
            DockerLabel.service: service, DockerLabel.managed: "true", DockerLabel.operation: operation,
            DockerLabel.created: String(created),
        ]
        labels[DockerLabel.port] = port.map(String.init)
        let inside = "\(backendPort)/tcp"
        return NewContainer(
            image: image,
            environment: environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            labels: labels,
            exposedPorts: addressing == .none ? [:] : [inside: .init()],
            host: NewContainer.Host(
                restartPolicy: .init(name: "unless-stopped"),  // it must come back after a reboot
                portBindings: port.map { [inside: [.init(hostAddress: "127.0.0.1", hostPort: String($0))]] } ?? [:],
                networkMode: network,
                nanoCPUs: cpus.flatMap { Int64(exactly: ($0 * 1e9).rounded()) },
                memoryBytes: memoryBytes,
                memoryReservationBytes: memoryReservationBytes))
    }
}
