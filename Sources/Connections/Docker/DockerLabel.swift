/// The labels that say whose a container is, and what a later run must know of it.
package enum DockerLabel {
    /// The service that it belongs to; alone, it makes a container an adopted one.
    package static let service = "autoscale.service"
    /// `true` on those that this tool made.
    package static let managed = "autoscale.managed"
    /// The operation that made it.
    package static let operation = "autoscale.op"
    /// Unix time in seconds.
    package static let created = "autoscale.created"
    /// The port of 127.0.0.1 that leads to it.
    package static let port = "autoscale.port"
    /// `true` protects whatever bears it from `cleanup`.
    package static let keep = "autoscale.keep"

    /// Compose's own: `True` on what `docker compose run` makes, with the labels of the service it is beside.
    package static let composeOneOff = "com.docker.compose.oneoff"

    static let all = [service, managed, operation, created, port, keep, composeOneOff]
}
