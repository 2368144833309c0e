import Connections
import Decisions
import Host

extension ValueParser where Value == UInt16 {
    static var port: Self {
        Self(allowed: .port, parse: { ValueParser<Int>.integer(1...65535).parse($0).map(UInt16.init) })
    }
}

extension ValueParser where Value == ClosedRange<UInt16> {
    static var ports: Self {
        Self(
            allowed: .ports,
            parse: { text in
                let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
                guard bounds.count == 2, let low = ValueParser<UInt16>.port.parse(bounds[0]),
                    let high = ValueParser<UInt16>.port.parse(bounds[1]), low <= high
                else { return nil }
                return low...high
            },
            text: { "\($0.lowerBound)-\($0.upperBound)" })
    }
}

extension ValueParser where Value == ServerAddress {
    static var listen: Self { Self(allowed: .listenAddress, parse: { ServerAddress($0) }) }
}

extension ValueParser where Value == DockerAddress {
    static var dockerAddress: Self { Self(allowed: .dockerAddress, parse: { text in try? DockerAddress(text) }) }
}

extension ValueParser where Value == ClosedRange<Int> {
    /// `200` or `200-399`.
    static var statuses: Self {
        Self(
            allowed: .statuses,
            parse: { text in
                let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map {
                    ValueParser<Int>.integer(100...599).parse(String($0))
                }
                guard bounds.count <= 2, let low = bounds.first ?? nil, let high = bounds.last ?? nil, low <= high
                else { return nil }
                return low...high
            },
            text: { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" })
    }
}

extension ValueParser where Value == String {
    /// As RFC 9110 has it in a `Host` header; an application compares it with its own list.
    static var hostHeader: Self {
        Self(
            allowed: .hostHeader,
            parse: { text in
                let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let isName =
                    !parts[0].isEmpty
                    && parts[0].allSatisfy {
                        $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0))
                    }
                let isPort = parts.count == 1 || UInt16(parts[1]).map { $0 > 0 } == true
                return isName && isPort && text.utf8.count <= 253 ? text : nil
            })
    }

    static var urlPath: Self {
        Self(
            allowed: .urlPath,
            parse: { $0.hasPrefix("/") && $0.utf8.allSatisfy { (33...126).contains($0) } ? $0 : nil })
    }

    /// It is printed wherever it fails, so it holds no user and no password.
    static var siteURL: Self {
        Self(
            allowed: .siteURL,
            parse: { text in
                guard
                    let rest = ["http://", "https://"].first(where: text.hasPrefix).map({ text.dropFirst($0.count) }),
                    let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty,
                    !host.contains("@"), text.utf8.allSatisfy({ (33...126).contains($0) })
                else { return nil }
                return text
            })
    }

    /// An `http` address; a path of `/autoscale` is what we ask for, so it may stand there.
    static var statusURL: Self {
        Self(
            allowed: .pattern("http://HOST:PORT"),
            parse: { text in
                var url = Substring(text)
                for ending in ["/", "/autoscale"] where url.hasSuffix(ending) { url = url.dropLast(ending.count) }
                guard url.hasPrefix("http://") || url.hasPrefix("https://"),
                    url.utf8.allSatisfy({ (33...126).contains($0) }), !url.contains("@"),
                    url.split(separator: "/").count == 2
                else { return nil }
                return String(url)
            })
    }

    /// As much of RFC 5321 as can't lead anywhere else in a header or a command of SMTP.
    static var mailAddress: Self {
        Self(
            allowed: .mailAddress,
            parse: { text in
                let parts = text.split(separator: "@", omittingEmptySubsequences: false)
                guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), text.utf8.count <= 254,
                    text.utf8.allSatisfy({ (33...126).contains($0) && !"<>()[]\\,;:\"".utf8.contains($0) })
                else { return nil }
                return text
            })
    }
}

extension ValueParser where Value == [String] {
    static var mailAddresses: Self {
        Self(
            allowed: .mailAddresses,
            parse: { text in
                let words = text.split(separator: ",", omittingEmptySubsequences: false)
                    .map { String($0.filter { !$0.isWhitespace }) }
                let addresses = words.compactMap { ValueParser<String>.mailAddress.parse($0) }
                return addresses.count == words.count ? addresses : nil
            },
            text: { $0.joined(separator: ",") })
    }
}

extension ValueParser where Value == [AlertReceiver] {
    /// Any number, white space between them. What is shown again names their kinds and hosts only: the address of a
    /// webhook is its password.
    static var receivers: Self {
        Self(
            allowed: .receivers, isSecret: true,
            parse: { text in
                let words = text.split(whereSeparator: \.isWhitespace)
                let receivers = words.compactMap { AlertReceiver($0) }
                return receivers.count == words.count && !words.isEmpty ? receivers : nil
            },
            text: { $0.map(\.description).joined(separator: " ") })
    }
}
