package import Connections
import Decisions

extension DockerTarget.Settings {
    /// Reads backends out of Docker's list.
    package func discovery(of containers: [DockerContainer]) -> Discovery {
        let labelled = containers.filter { $0.labels[DockerLabel.service] == service && !$0.isOneOff }
        let copies = copies(among: labelled)
        let ids = Set(copies.map(\.id))
        let mine = labelled.filter { !ids.contains($0.id) }
        let warnings = mine.compactMap(warning) + copies.map { .copiedLabels($0.name) }
        return Discovery(backends: mine.map(backend), warnings: warnings.sorted { $0.english < $1.english })
    }

    /// Containers with all the labels of one that this tool made, which they have from a committed image or a file of
    /// labels: they serve nobody that we know of, and are not ours to stop. The one that was made bears the operation's name;
    /// one that was renamed since is its owner's business from then on.
    func copies(among containers: [DockerContainer]) -> [DockerContainer] {
        containers.filter { container in
            guard container.labels[DockerLabel.managed] == "true", !container.isOneOff else { return false }
            return !container.bearsName(of: container.labels[DockerLabel.operation] ?? container.name)
        }
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
            address: container.activity == .running ? address(of: container) : nil,
            life: container.life)
    }

    private func warning(_ container: DockerContainer) -> DiscoveryWarning? {
        guard let activity = container.activity else { return .unknownState(container.name) }
        guard activity == .running, address(of: container) == nil else { return nil }
        return switch addressing {
        case .none: nil
        case .published: .unpublished(container.name, port: backendPort)
        case .network where container.isOnHostNetwork: .onHostNetwork(container.name)
        case .network where network == nil && container.networks.count > 1: .networkNotChosen(container.name)
        case .network: .noAddress(container.name, network: network)
        }
    }

    /// Where a running container answers.
    private func address(of container: DockerContainer) -> ServerAddress? {
        if container.isOnHostNetwork, addressing != .none {
            return addressing == .published ? .loopback(port: backendPort) : nil
        }
        switch addressing {
        case .none: return nil
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
    package var name: String {
        let own = names.lazy.map { $0.hasPrefix("/") ? $0.dropFirst() : $0[...] }.first { $0.isContainerName }
        return own.map(String.init) ?? String(id.text.prefix(12))
    }

    /// What is new after every start. Of several networks the first by name that tells it: one that is joined later is no
    /// new life.
    fileprivate var life: String? {
        networks.sorted { $0.key < $1.key }.lazy.compactMap(\.value.endpoint).first { !$0.isEmpty }
            .map { String($0.prefix(12)) }
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

    /// `<operation>`, or with `-2`, `-3` … behind it where that was taken.
    fileprivate func bearsName(of operation: String) -> Bool {
        let own = name
        guard own.utf8.count <= 300, operation.utf8.count <= 300, own.hasPrefix(operation) else { return false }
        let rest = own.dropFirst(operation.count)
        return rest.isEmpty || rest.first == "-" && Int(rest.dropFirst()).map { $0 > 1 } == true
    }

    var isOnHostNetwork: Bool { networkMode == "host" }

    /// Made by `docker compose run`, for a migration or a console: it has the labels of the service and is none of it.
    var isOneOff: Bool { labels[DockerLabel.composeOneOff]?.lowercased() == "true" }

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
