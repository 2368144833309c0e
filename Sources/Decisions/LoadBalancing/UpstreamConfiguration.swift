/// The NGINX file that says which backends take requests, made from values that can't hold anything else.
///
/// A value that closes a block (`…; } server { alias /etc/ }`) passes `nginx -t`; so only types that have no such value
/// are rendered here: addresses, numbers, and names of `[A-Za-z0-9_-]`.
package struct UpstreamConfiguration: Equatable, Sendable {
    /// A name that is safe in NGINX's language.
    package struct Name: Equatable, Sendable, CustomStringConvertible {
        package let description: String

        package init?(_ text: String) {
            guard (1...64).contains(text.utf8.count),
                text.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
            else { return nil }
            description = text
        }
    }

    /// Where the status server listens: `address:port`.
    package struct StatusServer: Equatable, Sendable {
        package let listen: ServerAddress
        package let service: Name

        package init(listen: ServerAddress, service: Name) {
            self.listen = listen
            self.service = service
        }

        /// Asked with this `Host` header, so that several services share one port.
        package var serverName: String { "\(service).autoscale" }
    }

    package let name: Name
    /// In ascending order, each once: the same set gives the same bytes.
    package let servers: [ServerAddress]
    package let method: BalancingMethod
    /// Idle connections that each NGINX worker keeps open to the backends; 0 leaves the directive out.
    package let keepalive: Int
    package let maxFails: Int
    /// Seconds.
    package let failTimeout: Int
    package let status: StatusServer

    /// `nil` for an empty set: an upstream without a server keeps NGINX from starting.
    package init?(
        name: Name, servers: [ServerAddress], method: BalancingMethod, keepalive: Int, maxFails: Int,
        failTimeout: Int, status: StatusServer
    ) {
        guard !servers.isEmpty else { return nil }
        self.name = name
        self.servers = Set(servers).sorted()
        self.method = method
        self.keepalive = keepalive
        self.maxFails = maxFails
        self.failTimeout = failTimeout
        self.status = status
    }

    /// A 64-bit digest of the text without the generation itself: the same set has the same one, nothing is stored.
    package var generation: String { Self.digest(of: text(generation: "")) }

    /// The whole file.
    package var text: String { text(generation: generation) }

    /// What the first line of a file of ours begins with.
    package static let signature = "# Written by autoscale."

    private func text(generation: String) -> String {
        var lines = [
            "\(Self.signature) Every run compares it with the backends; changes made by hand are replaced.",
            "# generation \(generation)",
            "",
            "upstream \(name) {",
        ]
        lines += method.directive.map { ["    \($0);"] } ?? []
        lines += servers.map { "    server \($0) max_fails=\(maxFails) fail_timeout=\(failTimeout)s;" }
        if keepalive > 0 { lines.append("    keepalive \(keepalive);") }
        lines += [
            "}",
            "",
            "# Which of these files NGINX really serves. The listen address protects it.",
            "server {",
            "    listen \(status.listen);",
            "    server_name \(status.serverName);",
            "    access_log off;",
            "    default_type application/json;",
        ]
        let chunks = servers.chunks(of: Self.addressesPerVariable)
        for (index, chunk) in chunks.enumerated() {
            let list = chunk.map { "\"\($0)\"" }.joined(separator: ",") + (index < chunks.count - 1 ? "," : "")
            lines.append("    set $autoscale_servers_\(index) '\(list)';")
        }
        let servers = chunks.indices.map { "${autoscale_servers_\($0)}" }.joined()
        lines += [
            "    location = /autoscale {",
            "        return 200 '{\"service\":\"\(status.service)\",\"generation\":\"\(generation)\",\"servers\":[\(servers)]}';",
            "    }",
            "    location = /nginx_status { stub_status; }",
            "    location / { return 404; }",
            "}",
            "",
        ]
        return lines.joined(separator: "\n")
    }

    /// NGINX takes no parameter of 4096 bytes or more (`NGX_CONF_BUFFER`); 50 addresses have 2.6 kB at most.
    private static let addressesPerVariable = 50

    /// FNV-1a, 64 bits (RFC 9923), in hexadecimal.
    static func digest(of text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
