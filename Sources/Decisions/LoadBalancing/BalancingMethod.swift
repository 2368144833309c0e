/// How NGINX picks a server (ngx_http_upstream_module).
package enum BalancingMethod: Equatable, Sendable {
    case leastConnections
    case roundRobin
    case ipHash
    case random
    case hash(HashKey)

    /// The key of a hash: variables only, `$request_uri` or `$host$request_uri`, optionally `consistent` (ketama).
    package struct HashKey: Equatable, Sendable {
        package let variables: [String]
        package let isConsistent: Bool
    }

    /// Reads `least_conn`, `round_robin`, `ip_hash`, `random`, `hash $a$b` or `hash $a consistent`.
    package init?(_ text: String) {
        guard text.utf8.count < Self.lengthLimit else { return nil }
        switch text {
        case "least_conn": self = .leastConnections
        case "round_robin": self = .roundRobin
        case "ip_hash": self = .ipHash
        case "random": self = .random
        default:
            var words = text.split(separator: " ").map(String.init)
            guard words.count >= 2, words.removeFirst() == "hash" else { return nil }
            let key = words.removeFirst()
            guard words.isEmpty || words == ["consistent"], key.first == "$" else { return nil }
            let names = key.dropFirst().split(separator: "$", omittingEmptySubsequences: false).map(String.init)
            guard names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isVariableByte) }) else { return nil }
            self = .hash(HashKey(variables: names, isConsistent: !words.isEmpty))
        }
    }

    /// NGINX takes no parameter of that many bytes (`NGX_CONF_BUFFER`).
    package static let lengthLimit = 4096

    private static func isVariableByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// The directive without its semicolon; `nil` for round robin, which is what NGINX does without one.
    var directive: String? {
        switch self {
        case .leastConnections: "least_conn"
        case .roundRobin: nil
        case .ipHash: "ip_hash"
        case .random: "random"
        case .hash(let key):
            "hash \(key.variables.map { "$\($0)" }.joined())\(key.isConsistent ? " consistent" : "")"
        }
    }
}

extension BalancingMethod: CustomStringConvertible {
    /// The spelling of the configuration file.
    package var description: String { directive ?? "round_robin" }
}
