import Connections
package import Decisions
package import Host
import SystemPackage

extension DockerTarget {
    /// How many host ports are tried, and how many names.
    private static let portsTried = 3
    private static let namesTried = 9

    package func start(
        operation: String, created: Int, sparing served: Set<ServerAddress>, before deadline: Deadline
    ) async throws(TargetError) -> Backend {
        let known = try containers(before: deadline)
        var order = Order(
            operation: operation, created: created, ports: try freePorts(sparing: served, before: deadline))
        let copies = Set(settings.copies(among: known).map(\.id))
        var existing = known.first { $0.isManaged(by: operation) && !copies.contains($0.id) }.map(Made.init)
        while true {
            let reservation = existing == nil ? order.reserve() : nil
            defer { withExtendedLifetime(reservation) {} }
            let made = if let existing { existing } else { try create(&order, before: deadline) }
            do throws(DockerFailure) {
                try engine.start(made.id, name: made.name, before: deadline)
            } catch {
                discard(made, before: deadline)
                try order.fail(made, error, range: settings.hostPorts)
                existing = nil
                continue
            }
            do throws(TargetError) {
                return try look(at: made.id, name: made.name, before: deadline)
            } catch {
                discard(made, before: deadline)
                throw error
            }
        }
    }

    /// A container that was made for this operation and is not known to run.
    private struct Made {
        let id: ContainerID
        let name: String
        let port: UInt16?

        init(id: ContainerID, name: String, port: UInt16?) {
            self.id = id
            self.name = name
            self.port = port
        }

        init(_ container: DockerContainer) {
            self.init(id: container.id, name: container.name, port: container.portLabel)
        }
    }

    /// What is to be made, and what is left to try.
    private struct Order {
        let operation: String
        let created: Int
        /// In the order in which they are tried; `nil` where none is published.
        var ports: [UInt16]?
        var attempts = DockerTarget.portsTried

        /// The first port that no other start, of a container or a process, has chosen; it has no meaning where none is
        /// published. The engine takes it over with the start.
        mutating func reserve() -> PortReservation? {
            while let port = ports?.first {
                do throws(Errno) {
                    if let reservation = try PortReservation(port) { return reservation }
                    ports?.removeFirst()
                } catch {
                    return nil  // the engine itself still refuses a port twice
                }
            }
            return nil
        }

        /// Docker says that a port is taken with a status that says nothing (500): the next port is tried after any such
        /// failure, and the last one tells whose fault it was.
        mutating func fail(
            _ made: Made, _ failure: DockerFailure, range: ClosedRange<UInt16>
        ) throws(TargetError) {
            guard case .refused(_, 500..., _) = failure, ports != nil, let port = made.port else {
                throw TargetError(failure)
            }
            attempts -= 1
            ports?.removeAll { $0 == port }
            guard attempts == 0 else { return }
            throw LocalPort.isTaken(port) ? .noFreePort(range: range.text) : TargetError(failure)
        }
    }

    private func create(_ order: inout Order, before deadline: Deadline) throws(TargetError) -> Made {
        let action = "create \(order.operation)"
        guard let image = settings.image else {
            throw .nothingToStart(action: action, detail: "no image is configured: set BACKEND_IMAGE")
        }
        if order.ports?.isEmpty == true { throw .noFreePort(range: settings.hostPorts.text) }
        let port = order.ports?.first
        let container = settings.container(
            image: image, operation: order.operation, created: order.created, port: port)
        for number in 1...Self.namesTried {
            let name = number == 1 ? order.operation : "\(order.operation)-\(number)"
            do throws(DockerFailure) {
                return Made(id: try engine.create(container, name: name, before: deadline), name: name, port: port)
            } catch {
                switch error {
                case .refused(_, 409, _):
                    // A create of ours that timed out may have been carried out after all; any other holder stays.
                    if let ours = try made(for: order.operation, before: deadline) { return ours }
                case .refused(_, 404, let message) where try !asking(try engine.hasImage(image, before: deadline)):
                    throw .nothingToStart(
                        action: action,
                        detail: "there is no image \(image) (\(message)): `docker pull` it, or correct BACKEND_IMAGE")
                case .timedOut:
                    // Best effort: the next run removes what it finds created.
                    if let ours = try? made(for: order.operation, before: deadline) { discard(ours, before: deadline) }
                    throw TargetError(error)
                default: throw TargetError(error)
                }
            }
        }
        throw .noFreeName(action: action, tried: Self.namesTried)
    }

    private func made(for operation: String, before deadline: Deadline) throws(TargetError) -> Made? {
        try containers(before: deadline).first { $0.isManaged(by: operation) }.map(Made.init)
    }

    /// Takes back what failed. Its own failure is not told: the first one is, and the next run removes what is left.
    private func discard(_ made: Made, before deadline: Deadline) {
        try? engine.remove(made.id, name: made.name, killing: true, before: deadline)
    }

    /// Neither a container's, whoseever it is (one that is stopped will want its port again), nor listened on; Docker has the
    /// last word.
    private func freePorts(
        sparing served: Set<ServerAddress>, before deadline: Deadline
    ) throws(TargetError) -> [UInt16]? {
        guard settings.addressing == .published else { return nil }
        var taken = (try? SocketTable())?.listeningPorts ?? []
        for container in try asking(try engine.allContainers(before: deadline)) {
            taken.formUnion(container.ports.compactMap { $0.published.flatMap(UInt16.init(exactly:)) })
            if let port = container.portLabel, container.labels[DockerLabel.managed] == "true" { taken.insert(port) }
            guard container.state != "running" else { continue }
            taken.formUnion(try asking(try engine.publishedPorts(of: container.id, before: deadline)))
        }
        return settings.hostPorts.sparing(served).filter { !taken.contains($0) }
    }
}

extension DockerContainer {
    fileprivate func isManaged(by operation: String) -> Bool {
        labels[DockerLabel.managed] == "true" && labels[DockerLabel.operation] == operation
    }
}

extension ClosedRange<UInt16> {
    fileprivate var text: String { "\(lowerBound)-\(upperBound)" }
}
