package import Connections
package import Decisions
package import Host
import SystemPackage

/// Backends are containers of a Docker Engine, found by the label `autoscale.service`.
package struct DockerTarget: ScalingTarget, RestartingTarget, ConnectionCountingTarget, AddressKnowingTarget {
    package let settings: Settings
    let engine: DockerEngine

    package init(_ settings: Settings, engine: DockerEngine) {
        self.settings = settings
        self.engine = engine
    }

    package var restarts: (any RestartingTarget)? { self }
    package var countsConnections: (any ConnectionCountingTarget)? { settings.addressing == .none ? nil : self }
    package var knowsAddresses: (any AddressKnowingTarget)? { settings.addressing == .none ? nil : self }
    package var remembers: (any RememberingTarget)? { self }
    package var keepsOutput: (any OutputKeepingTarget)? { self }

    package var leftovers: Leftovers {
        Leftovers(containers: .init(engine: engine.address, image: settings.image))
    }

    package func discover(before deadline: Deadline) async throws(TargetError) -> Discovery {
        settings.discovery(of: try containers(before: deadline))
    }

    package func restart(_ backend: Backend, before deadline: Deadline) async throws(TargetError) -> Backend {
        let id = try managed(backend, action: "start")
        try asking(try engine.start(id, name: backend.name, before: deadline))
        return try look(at: id, name: backend.name, before: deadline)
    }

    package func stop(_ backend: Backend, before deadline: Deadline) async throws(TargetError) {
        let id = try managed(backend, action: "stop")
        try asking(try engine.stop(id, name: backend.name, patience: settings.stopTimeout, before: deadline))
    }

    package func remove(_ backend: Backend, before deadline: Deadline) async throws(TargetError) {
        let id = try managed(backend, action: "remove")
        do throws(DockerFailure) {
            try engine.remove(id, name: backend.name, before: deadline)
        } catch {
            // It runs after all: somebody has started it since it was looked at.
            guard case .refused(_, 409, _) = error else { throw TargetError(error) }
            try asking(try engine.stop(id, name: backend.name, patience: settings.stopTimeout, before: deadline))
            try asking(try engine.remove(id, name: backend.name, before: deadline))
        }
    }

    /// Counts in the container's own network namespace, which needs an engine on this host.
    package func establishedConnections(
        of backend: Backend, before deadline: Deadline
    ) async throws(TargetError) -> Int {
        let action = "count the connections of \(backend.name)"
        let id = try checkedID(backend, action: action)
        guard let process = try asking(try engine.processID(of: id, before: deadline)) else { return 0 }
        do throws(Errno) {
            // The process of that number may be another one: of a remote engine's, or of another namespace.
            let groups = try KernelFile.read(FilePath("/proc/\(process)/cgroup"))
            guard groups.contains(id.text) else { throw .noSuchProcess }
            return try SocketTable(ofProcess: process).established(onPort: settings.backendPort)
        } catch {
            // It may have ended meanwhile.
            guard try asking(try engine.processID(of: id, before: deadline)) == process else { return 0 }
            throw .unreadable(
                action: action,
                detail: """
                    its process \(process) can't be seen from here (\(error)): the engine must run on this host, \
                    in the same process namespace
                    """)
        }
    }

    package func strangers(
        at addresses: Set<ServerAddress>, beside backends: [Backend], before deadline: Deadline
    ) async throws(TargetError) -> Set<ServerAddress> {
        let unknown = addresses.subtracting(backends.compactMap(\.address))
        guard !unknown.isEmpty else { return [] }
        let ids = Set(backends.map(\.id))
        let all = try asking(try engine.allContainers(before: deadline))
        switch settings.addressing {
        case .none: return []
        case .network:
            let theirs = Set(
                all.filter { !ids.contains($0.id.text) }.flatMap { container in
                    container.networks.values.flatMap { [$0.ipv4, $0.ipv6] }.compactMap { text in
                        text.flatMap { ServerAddress(host: $0, port: settings.backendPort) }?.host
                    }
                })
            return unknown.filter { theirs.contains($0.host) }
        case .published:
            let own = all.filter { ids.contains($0.id.text) }
            let ownPorts = Set(
                own.compactMap(\.portLabel)
                    + own.flatMap(\.ports).compactMap { $0.published.flatMap(UInt16.init(exactly:)) })
            let listening = (try? SocketTable())?.listeningPorts ?? []
            return unknown.filter { listening.contains($0.port) && !ownPorts.contains($0.port) }
        }
    }

    func containers(before deadline: Deadline) throws(TargetError) -> [DockerContainer] {
        let label = "\(DockerLabel.service)=\(settings.service)"
        return try asking(try engine.containers(labelled: [label], before: deadline))
            .filter { $0.labels[DockerLabel.service] == settings.service }
    }

    func asking<Value>(_ call: @autoclosure () throws(DockerFailure) -> Value) throws(TargetError) -> Value {
        try rethrow(try call(), as: TargetError.init)
    }

    func look(at id: ContainerID, name: String, before deadline: Deadline) throws(TargetError) -> Backend {
        guard let container = try asking(try engine.container(id, before: deadline)) else {
            throw .didNotStay(name: name, .containerGone)
        }
        return settings.backend(container)
    }

    /// What somebody else started is theirs to stop.
    private func managed(_ backend: Backend, action: String) throws(TargetError) -> ContainerID {
        let action = "\(action) \(backend.name)"
        guard backend.isManaged else {
            throw .adopted(action: action)
        }
        return try checkedID(backend, action: action)
    }

    private func checkedID(_ backend: Backend, action: String) throws(TargetError) -> ContainerID {
        guard let id = ContainerID(backend.id) else {
            throw .unreadable(action: action, detail: "its id is not a container's")
        }
        return id
    }
}
