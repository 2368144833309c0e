import Connections
import Decisions
import Host

extension ValueParser where Value == String {
    /// Anything that is not empty.
    static var text: Self { Self(allowed: .text, parse: { $0.isEmpty ? nil : $0 }) }

    /// One word without white space.
    static func word(_ allowed: AllowedValue) -> Self {
        Self(allowed: allowed, parse: { $0.isEmpty || $0.contains(where: \.isWhitespace) ? nil : $0 })
    }

    /// A whole `postgresql://user:password@host/name` in the place of one of its parts would be shown with its password.
    var butNoURL: Self {
        Self(allowed: .partOfURL(allowed), parse: { [parse] in $0.contains("://") ? nil : parse($0) })
    }

    /// `[a-z0-9][a-z0-9_-]{0,30}`
    static var serviceName: Self {
        Self(
            allowed: .pattern("[a-z0-9][a-z0-9_-]{0,30}"),
            parse: { text in
                guard (1...31).contains(text.utf8.count), let first = text.utf8.first, isNameByte(first), first != 0x5F,
                    first != 0x2D, text.utf8.allSatisfy(isNameByte)
                else { return nil }
                return text
            })
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Docker's own rule for names: `[a-zA-Z0-9][a-zA-Z0-9_.-]+`, here with room for the time behind it.
    static var backendName: Self {
        Self(
            allowed: .pattern("[A-Za-z0-9][A-Za-z0-9_-]{0,47}"),
            parse: { text in
                guard (1...48).contains(text.utf8.count), UpstreamConfiguration.Name(text) != nil,
                    text.first != "_", text.first != "-"
                else { return nil }
                return text
            })
    }
}

extension ValueParser where Value == [Metric] {
    static var metrics: Self {
        Self(
            allowed: .metrics(Metric.allCases.map(\.rawValue)),
            parse: { text in
                let names = text.split(separator: ",", omittingEmptySubsequences: false).map {
                    $0.filter { !$0.isWhitespace }
                }
                let metrics = names.compactMap { Metric(rawValue: String($0)) }
                return metrics.count == names.count && Set(metrics).count == names.count ? metrics : nil
            },
            text: { $0.map(\.rawValue).joined(separator: ",") })
    }
}

extension ValueParser where Value == UpstreamConfiguration.Name {
    static var upstreamName: Self {
        Self(allowed: .pattern("[A-Za-z0-9_-]{1,64}"), parse: { UpstreamConfiguration.Name($0) })
    }
}

extension ValueParser where Value == BalancingMethod {
    static var balancingMethod: Self {
        Self(
            allowed: .pattern("least_conn, round_robin, ip_hash, random, hash $variable…, hash $variable… consistent"),
            parse: { BalancingMethod($0) })
    }
}

extension ValueParser where Value == FreeSpaceFloor {
    static var freeSpace: Self { Self(allowed: .freeSpace, parse: { FreeSpaceFloor($0) }) }
}
