import Decisions
package import Host

/// Somebody who is told: `[FORMAT+]URL`.
package struct AlertReceiver: Equatable, Sendable, CustomStringConvertible {
    package enum Format: Equatable, Sendable {
        /// Ours; see docs/alerts.md.
        case json
        /// Slack's incoming webhooks, and everybody else's who speaks them (Mattermost, Rocket.Chat).
        case slack
        /// Prometheus Alertmanager, version 2 of its API.
        case alertmanager
        /// healthchecks.io's pings: the beginning and the end of every run of one command, not single events.
        case healthchecks(ToolCommand)
        case email
    }

    package let format: Format
    /// With whatever it holds: the address of a webhook is its password.
    package let url: Secret
    /// For messages: no more than the host of the address.
    package let description: String
    package let isLoopback: Bool

    package init?(_ word: some StringProtocol) {
        guard word.utf8.allSatisfy({ (33...126).contains($0) }), word.utf8.count <= 2048 else { return nil }
        let text = String(word)
        guard let scheme = text.firstRange(of: "://") else { return nil }
        let kinds = text[..<scheme.lowerBound].split(separator: "+", omittingEmptySubsequences: false)
        guard let transport = kinds.last, kinds.count <= 2,
            let format = Format(kinds.count == 2 ? kinds[0] : nil, over: transport)
        else { return nil }
        let rest = text[scheme.upperBound...]
        guard !Self.isJoined(rest) else { return nil }
        let authority = rest.prefix { !"/?#".contains($0) }
        let host = authority[
            (authority.lastIndex(of: "@").map { authority.index(after: $0) } ?? authority.startIndex)...]
        guard !host.isEmpty, format == .email || !authority.contains("@") else { return nil }
        isLoopback = Self.isLoopback(host)
        guard transport != "http" || isLoopback else { return nil }
        self.format = format
        url = Secret("\(transport)://\(rest)")
        let prefix = kinds.count == 2 ? "\(kinds[0])+" : ""
        description = "\(prefix)\(transport)://\(host)" + (host.endIndex == rest.endIndex ? "" : "/…")
    }

    /// The same address has the same id, which tells nothing about it.
    package var id: String { String(Checksum.sha256(of: Array("\(format) \(url.reveal())".utf8)).prefix(12)) }

    private static func isLoopback(_ host: Substring) -> Bool {
        let isBracketed = host.hasPrefix("[")
        let name = isBracketed ? host.prefix { $0 != "]" }.dropFirst() : host.prefix { $0 != ":" }
        guard !isBracketed else { return name == "::1" }
        let bytes = name.split(separator: ".", omittingEmptySubsequences: false)
        return name == "localhost" || bytes.count == 4 && bytes[0] == "127" && bytes.allSatisfy { UInt8($0) != nil }
    }
}

extension AlertReceiver.Format {
    fileprivate init?(_ name: Substring?, over transport: Substring) {
        let isHTTP = transport == "http" || transport == "https"
        let isMail = transport == "smtp" || transport == "smtps"
        let parts = name?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        switch (parts.first, parts.count) {
        case (nil, _) where isMail, ("email", 1) where isMail: self = .email
        case (nil, _) where isHTTP, ("json", 1) where isHTTP: self = .json
        case ("slack", 1) where isHTTP: self = .slack
        case ("alertmanager", 1) where isHTTP: self = .alertmanager
        case ("healthchecks", 2) where isHTTP:
            guard let command = ToolCommand(rawValue: String(parts[1])) else { return nil }
            self = .healthchecks(command)
        default: return nil
        }
    }
}

/// The commands of this project that cron starts.
package enum ToolCommand: String, Codable, CaseIterable, Sendable {
    case monitor
    case backup
    case cleanup
    case healthcheck
}
