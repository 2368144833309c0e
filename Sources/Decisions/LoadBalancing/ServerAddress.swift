/// A numeric address and port that can stand in an NGINX `server` line.
///
/// Never a host name: one that stops resolving keeps NGINX from starting. The text is made from the parsed numbers, so
/// nothing that was read from outside reaches the generated file as it came.
package struct ServerAddress: Hashable, Sendable {
    package enum Host: Hashable, Sendable {
        case ipv4(UInt32)
        /// Eight groups, most significant first.
        case ipv6([UInt16])
    }

    package let host: Host
    package let port: UInt16

    /// `nil` for port 0, which nothing can listen on.
    package init?(host: Host, port: UInt16) {
        guard port > 0 else { return nil }
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:3000` or `[::1]:3000`.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.longest, let colon = text.lastIndex(of: ":"),
            let port = Self.port(text[text.index(after: colon)...])
        else {
            return nil
        }
        var name = text[..<colon]
        if name.hasPrefix("["), name.hasSuffix("]") {
            name = name.dropFirst().dropLast()
            guard let groups = Self.ipv6(name) else { return nil }
            self.init(host: .ipv6(groups), port: port)
        } else {
            guard let number = Self.ipv4(name) else { return nil }
            self.init(host: .ipv4(number), port: port)
        }
    }

    /// Reads a bare numeric host, `127.0.0.1` or `::1`, as Docker's API gives it.
    package init?(host text: some StringProtocol, port: UInt16) {
        guard text.utf8.count <= Self.longest else { return nil }
        if let number = Self.ipv4(text) {
            self.init(host: .ipv4(number), port: port)
        } else if let groups = Self.ipv6(text) {
            self.init(host: .ipv6(groups), port: port)
        } else {
            return nil
        }
    }

    /// Eight groups of four digits in brackets, and a port, in bytes. Looking for the last colon of a longer text could take
    /// time in its square: what is a character depends on all flags before it.
    package static let longest = 47

    /// 127.0.0.1 with this port.
    package static func loopback(port: UInt16) -> ServerAddress? {
        ServerAddress(host: .ipv4(0x7F00_0001), port: port)
    }

    private static func port(_ text: some StringProtocol) -> UInt16? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return UInt16(text)
    }

    private static func ipv4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(\.isASCIIDigit),
                let byte = UInt8(part), part == String(byte)  // a leading zero would be octal to some readers
            else { return nil }
            number = number << 8 | UInt32(byte)
        }
        return number
    }

    /// RFC 4291, section 2.2, forms 1 and 2; no zone and no embedded IPv4.
    private static func ipv6(_ text: some StringProtocol) -> [UInt16]? {
        func groups(_ part: some StringProtocol) -> [UInt16]? {
            if part.isEmpty { return [] }
            var numbers: [UInt16] = []
            for group in part.split(separator: ":", omittingEmptySubsequences: false) {
                guard (1...4).contains(group.utf8.count), group.allSatisfy(\.isHexDigit),
                    let number = UInt16(group, radix: 16)
                else { return nil }
                numbers.append(number)
            }
            return numbers
        }
        guard let gap = text.firstGap else {
            guard let all = groups(text), all.count == 8 else { return nil }
            return all
        }
        guard let head = groups(text[..<gap.lowerBound]), let tail = groups(text[gap.upperBound...]),
            head.count + tail.count < 8
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }
}

extension StringProtocol {
    /// The first `::`.
    fileprivate var firstGap: Range<Index>? {
        var index = startIndex
        while index < endIndex {
            let next = self.index(after: index)
            if self[index] == ":", next < endIndex, self[next] == ":" { return index..<self.index(after: next) }
            index = next
        }
        return nil
    }
}

extension ServerAddress: CustomStringConvertible {
    package var description: String {
        switch host {
        case .ipv4(let number):
            let bytes = stride(from: 24, through: 0, by: -8).map { String(number >> UInt32($0) & 0xFF) }
            return "\(bytes.joined(separator: ".")):\(port)"
        case .ipv6(let groups):
            return "[\(groups.map { String($0, radix: 16) }.joined(separator: ":"))]:\(port)"
        }
    }
}

extension ServerAddress: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        switch (left.host, right.host) {
        case (.ipv4(let a), .ipv4(let b)): a == b ? left.port < right.port : a < b
        case (.ipv6(let a), .ipv6(let b)): a == b ? left.port < right.port : a.lexicographicallyPrecedes(b)
        case (.ipv4, .ipv6): true
        case (.ipv6, .ipv4): false
        }
    }
}
