import Host

extension AlertReceiver {
    /// The address with something added to its path: before a query or a fragment, which would swallow it.
    ///
    /// healthchecks.io's `/KEY/SLUG?create=1` is an address; `/KEY/SLUG?create=1/69` would be a ping of success.
    package func address(adding path: String) -> String {
        let url = url.reveal()
        let end = url.firstIndex { "?#".contains($0) } ?? url.endIndex
        guard !path.isEmpty, !url[..<end].hasSuffix("/\(path)") else { return url }
        var base = url[..<end]
        while base.hasSuffix("/") { base = base.dropLast() }
        return "\(base)/\(path)\(url[end...])"
    }

    /// Whether it is several addresses that something else than white space joins: `https://a,https://b`.
    static func isJoined(_ rest: Substring) -> Bool {
        rest.split(omittingEmptySubsequences: false) { ",;|".contains($0) }.dropFirst().contains { piece in
            guard let scheme = piece.firstRange(of: "://") else { return false }
            return piece[..<scheme.lowerBound].utf8.allSatisfy {
                UInt8(ascii: "a") <= $0 && $0 <= UInt8(ascii: "z") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+")
            }
        }
    }
}
