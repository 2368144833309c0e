import Decisions

extension DockerTarget.Settings {
    /// Reads backends out of Docker's list.
    package func discovery(of containers: [DockerContainer]) -> Discovery {
        let mine = containers.filter { $0.labels[DockerLabel.service] == service }
        return Discovery(backends: mine.map(backend), warnings: mine.compactMap(warning).sorted())
    }

    func backend(_ container: DockerContainer) -> Backend {
        let isManaged = container.labels[DockerLabel.managed] == "true"
        let created = isManaged ? container.labels[DockerLabel.created].flatMap(Int.init) : nil
        return Backend(
            id: container.id.text,
            name: container.name,
            origin: isManaged
                ? .managed(operation: container.labels[DockerLabel.operation] ?? container.name) : .adopted,
            created: created ?? container.created,
            activity: container.activity ?? .frozen,
            address: container.activity == .running ? address(of: container) : nil)
    }

    private func warning(_ container: DockerContainer) -> String? {
        guard let activity = container.activity else {
            return "\(container.name) is in a state that is not known, and left alone"
        }
        guard activity == .running, address(of: container) == nil else { return nil }
        return switch addressing {
        case .published: "\(container.name) runs and publishes port \(backendPort) nowhere on this host"
        case .network where network == nil && container.networks.count > 1:
            "\(container.name) is in more than one network, and none is configured"
        case .network: "\(container.name) runs and has no address in \(network.map { "network \($0)" } ?? "a network")"
        }
    }

    /// Where a running container answers.
    private func address(of container: DockerContainer) -> ServerAddress? {
        switch addressing {
        case .published:
            if container.labels[DockerLabel.managed] == "true", let port = container.portLabel {
                return .loopback(port: port)
            }
            return container.ports.compactMap { publishedAddress($0) }.min()  // IPv4 is less than IPv6
        case .network:
            let only = container.networks.count == 1 ? container.networks.first?.value : nil
            guard let joined = network.flatMap({ container.networks[$0] }) ?? only else { return nil }
            return joined.ipv4.flatMap { ServerAddress(host: $0, port: backendPort) }
                ?? joined.ipv6.flatMap { ServerAddress(host: $0, port: backendPort) }
        }
    }

    private func publishedAddress(_ port: DockerContainer.Port) -> ServerAddress? {
        guard port.inside == Int(backendPort), port.transport ?? "tcp" == "tcp",
            let published = port.published.flatMap(UInt16.init(exactly:))
        else { return nil }
        return switch port.address ?? "" {
        case "0.0.0.0", "": .loopback(port: published)
        case "::": ServerAddress(host: "::1", port: published)
        case let address: ServerAddress(host: address, port: published)
        }
    }
}

extension DockerContainer {
    /// Its own name, without those that linked containers give it; a part of its id where that is not a name.
    var name: String {
        let own = names.lazy.map { $0.hasPrefix("/") ? $0.dropFirst() : $0[...] }.first { $0.isContainerName }
        return own.map(String.init) ?? String(id.text.prefix(12))
    }

    /// `nil` for a word that Docker does not have.
    var activity: Backend.Activity? {
        switch state {
        case "created": .created
        case "running": .running
        case "restarting": .restarting
        case "exited", "dead": .exited
        case "paused", "removing": .frozen
        default: nil
        }
    }

    var portLabel: UInt16? { labels[DockerLabel.port].flatMap { UInt16($0) }.flatMap { $0 > 0 ? $0 : nil } }
}

extension Substring {
    /// Docker's own rule: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`.
    fileprivate var isContainerName: Bool {
        let isWord = utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte | 32) || byte == 95 || byte == 46 || byte == 45
        }
        guard isWord, let first = utf8.first else { return false }
        return first != 95 && first != 46 && first != 45
    }
}
