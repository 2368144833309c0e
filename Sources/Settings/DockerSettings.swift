package import Connections
import Decisions

/// What only containers have.
package struct DockerSettings: Sendable {
    /// Where the application listens inside its container.
    package let port: UInt16
    package let addressing: Addressing
    /// Needed to start a backend only.
    package let image: String?
    package let network: String?
    package let cpus: Double?
    package let memory: Int64?
    package let memoryReservation: Int64?
    package let host: DockerAddress

    /// Which address of a container NGINX uses.
    package enum Addressing: String, CaseIterable, Sendable {
        /// 127.0.0.1 with a published port.
        case published
        /// The container's own address, for an NGINX that is itself a container.
        case network
    }

    static let keys: [ConfigurationKey] = [
        .backendPort, .backendAddress, .backendImage, .backendNetwork, .backendCPUs, .backendMemory,
        .backendMemoryReservation, .dockerHost,
    ]

    /// Docker refuses a reservation above the limit, but only when the first backend is started.
    init(_ reader: inout ConfigurationReader) {
        port = reader[.backendPort]
        addressing = reader[.backendAddress]
        image = reader[.backendImage]
        network = reader[.backendNetwork]
        cpus = reader[.backendCPUs]
        memory = reader[.backendMemory]
        memoryReservation = reader[.backendMemoryReservation]
        host = reader[.dockerHost]
        if let memory, let memoryReservation, memoryReservation > memory {
            reader.contradiction(.sizeAbove(.backendMemoryReservation, than: .backendMemory))
        }
    }
}

extension ConfigurationKey {
    static let backendPort = Key(
        "BACKEND_PORT", .port, default: "3000",
        "docker: the port that the application listens on inside its container.",
        "docker: el puerto en el que escucha la aplicación dentro de su contenedor.")
    static let backendAddress = Key<DockerSettings.Addressing>(
        "BACKEND_ADDRESS", .choice, default: "published",
        "docker: where NGINX finds backends: at 127.0.0.1 and the published port, or at the container's own address, for an NGINX that is itself a container, in `BACKEND_NETWORK`.",
        "docker: dónde encuentra NGINX los backends: en 127.0.0.1 y el puerto publicado, o en la dirección propia del contenedor, para un NGINX que es él mismo un contenedor, en `BACKEND_NETWORK`.",
        page: "operations.md#processes-and-addresses")
    static let backendImage = Key(
        "BACKEND_IMAGE", .word(.imageName), example: "chat_backend_image:1.4",
        "docker: what is started. It must be on this server already; it is never pulled. Without one no backend can be started.",
        "docker: lo que se arranca. Debe estar ya en este servidor; nunca se descarga. Sin ella no se puede arrancar ningún backend."
    )
    static let backendNetwork = Key(
        "BACKEND_NETWORK", .word(.networkName), example: "chat_network",
        "docker: the network that backends join.",
        "docker: la red a la que se unen los backends.")
    static let backendCPUs = Key(
        "BACKEND_CPUS", .cpus, example: "1",
        "docker: processors that one backend may use.",
        "docker: procesadores que puede usar un backend.")
    static let backendMemory = Key(
        "BACKEND_MEMORY", .bytes(atLeast: 6 << 20, allowed: .memory), example: "512m",
        "docker: memory that one backend may use.",
        "docker: memoria que puede usar un backend.")
    static let backendMemoryReservation = Key(
        "BACKEND_MEMORY_RESERVATION", .bytes(atLeast: 6 << 20, allowed: .memory), example: "256m",
        "docker: memory that it keeps when the host runs short; not above `BACKEND_MEMORY`.",
        "docker: memoria que conserva cuando al host le falta; no mayor que `BACKEND_MEMORY`.")
    static let dockerHost = Key(
        "DOCKER_HOST", .dockerAddress, default: "unix:///var/run/docker.sock",
        "The Docker Engine. It must run on this host for the connections of a draining backend to be counted. `DOCKER_HOST` of the environment overrides it under its own name, too.",
        "El Docker Engine. Debe funcionar en este host para que se cuenten las conexiones de un backend que se drena. `DOCKER_HOST` del entorno también lo sustituye con su propio nombre.",
        isOwnVariable: true)
}

extension ValueParser where Value == Double {
    static var cpus: Self {
        Self(
            allowed: .cpus,
            parse: { text in
                guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 0x2E }), let number = Double(text),
                    (0.01...4096).contains(number)
                else { return nil }
                return number
            })
    }
}
