import Decisions

/// Where a Docker Engine listens, as `DOCKER_HOST` says it: `unix:///var/run/docker.sock` or `tcp://127.0.0.1:2375`.
package struct DockerAddress: Hashable, Sendable {
    package enum Endpoint: Hashable, Sendable {
        case unixSocket(path: String)
        /// Plain HTTP; an IPv6 address is in brackets.
        case tcp(host: String, port: UInt16)
    }

    package let endpoint: Endpoint

    package init(_ text: String) throws(DockerAddressError) {
        guard text.utf8.count <= Self.longest else { throw .tooLong(bytes: text.utf8.count) }
        guard let separator = text.firstSeparator else { throw .noScheme(text) }
        let scheme = String(text[..<separator.lowerBound])
        let rest = text[separator.upperBound...]
        switch scheme {
        case "unix": endpoint = .unixSocket(path: try Self.socketPath(rest))
        case "tcp": endpoint = try Self.hostAndPort(rest)
        default: throw .unknownScheme(scheme)
        }
    }

    /// `tcp://`, a host name of 253 bytes (RFC 1035), a colon, a port of five digits and a slash.
    package static let longest = 6 + 253 + 6 + 1

    /// sockaddr_un(7) holds 107 bytes and a NUL.
    private static func socketPath(_ text: Substring) throws(DockerAddressError) -> String {
        guard text.hasPrefix("/") else { throw .relativePath(String(text)) }
        guard text.utf8.count <= 107, !text.utf8.contains(0) else { throw .badPath(String(text)) }
        return String(text)
    }

    private static func hostAndPort(_ text: Substring) throws(DockerAddressError) -> Endpoint {
        let text = text.hasSuffix("/") ? text.dropLast() : text
        let hasPort = text.lastIndex(of: ":").map { !text[$0...].contains("]") } ?? false
        let colon = hasPort ? text.lastIndex(of: ":") ?? text.endIndex : text.endIndex
        let host = text[..<colon]
        let digits = colon == text.endIndex ? "2375" : text[text.index(after: colon)...]
        guard isHost(host), digits.utf8.allSatisfy(\.isASCIIDigit), let port = UInt16(digits), port > 0
        else {
            throw .badHostOrPort(String(text))
        }
        return .tcp(host: String(host), port: port)
    }

    private static func isHost(_ text: Substring) -> Bool {
        let isIPv6 = text.hasPrefix("[") && text.hasSuffix("]")
        let name = isIPv6 ? text.dropFirst().dropLast() : text
        return !name.isEmpty
            && name.utf8.allSatisfy { byte in
                let isHexDigit = byte.isASCIIDigit || (97...102).contains(byte | 32)
                let isLetter = (97...122).contains(byte | 32)
                return isHexDigit || (isIPv6 ? byte == 58 : isLetter || byte == 45 || byte == 46 || byte == 95)
            }
    }
}

extension DockerAddress: CustomStringConvertible {
    package var description: String {
        switch endpoint {
        case .unixSocket(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(host):\(port)"
        }
    }
}

/// What is wrong with the text of a Docker address.
package enum DockerAddressError: Error, Equatable {
    /// Longer than an address with the longest host name can be.
    case tooLong(bytes: Int)
    case noScheme(String)
    /// `ssh://`, `npipe://`, `https://` and the like, which we don't speak.
    case unknownScheme(String)
    case relativePath(String)
    /// Longer than a Unix socket's path can be (107 bytes).
    case badPath(String)
    case badHostOrPort(String)
}

extension DockerAddressError: CustomStringConvertible {
    package var description: String {
        let allowed = "allowed are unix:///path/of/docker.sock and tcp://host:port without TLS"
        return switch self {
        case .tooLong(let bytes): "an address of \(bytes) bytes is too long; \(allowed)"
        case .noScheme(let text): "‘\(text)’ has no scheme; \(allowed)"
        case .unknownScheme(let scheme): "‘\(scheme)://’ is not supported; \(allowed)"
        case .relativePath(let path): "‘\(path)’ is not an absolute path; \(allowed)"
        case .badPath: "the path is longer than the 107 bytes that a Unix socket's path can have"
        case .badHostOrPort(let text): "‘\(text)’ is not a host and a port; \(allowed)"
        }
    }
}

extension String {
    /// The first `://`.
    fileprivate var firstSeparator: Range<Index>? {
        var index = startIndex
        while let colon = self[index...].firstIndex(of: ":") {
            if self[colon...].hasPrefix("://") { return colon..<self.index(colon, offsetBy: 3) }
            index = self.index(after: colon)
        }
        return nil
    }
}
