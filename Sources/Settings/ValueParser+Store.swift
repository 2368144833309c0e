import Connections

extension ValueParser where Value == StoreLocation {
    static var storeLocation: Self {
        Self(
            allowed: .storeLocation,
            parse: { StoreLocation($0) },
            text: { $0.url })
    }
}

extension ValueParser where Value == String {
    /// It becomes part of a host name and of what is signed; not every store keeps to Amazon's lower case.
    static var region: Self {
        Self(
            allowed: .storeRegion,
            parse: { text in StoreLocation.isRegion(text) ? text : nil })
    }

    /// An address without a path. Plain http sends the dump for everybody to read: loopback only.
    static var endpoint: Self {
        Self(
            allowed: .storeEndpoint,
            parse: { text in
                let url = text.hasSuffix("/") ? String(text.dropLast()) : text
                let parts = url.split(separator: "/", omittingEmptySubsequences: false)
                guard url.utf8.allSatisfy({ (33...126).contains($0) }), !url.contains("@"), !url.contains("?"),
                    !url.contains("#"), parts.count == 3, parts[1].isEmpty, !parts[2].isEmpty
                else { return nil }
                if parts[0] == "https:" { return url }
                let host = parts[2].split(separator: ":").first
                return parts[0] == "http:" && (host == "127.0.0.1" || host == "localhost") ? url : nil
            })
    }
}

extension ValueParser where Value == [String] {
    /// age's recipients, a comma between them.
    static var recipients: Self {
        Self(
            allowed: .recipients,
            parse: { text in
                let names = text.split(separator: ",", omittingEmptySubsequences: false).map { name in
                    String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
                }
                let isGood = names.allSatisfy { name in
                    (name.hasPrefix("age1") || name.hasPrefix("ssh-"))
                        && name.utf8.allSatisfy { (32...126).contains($0) }
                }
                return isGood && !names.isEmpty ? names : nil
            },
            text: { $0.joined(separator: ",") })
    }
}
