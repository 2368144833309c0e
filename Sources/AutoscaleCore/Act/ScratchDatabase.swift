/// A database that a drill makes and drops: its name is ours alone, so that no other can be dropped by mistake.
package struct ScratchDatabase: Equatable, Sendable {
    package let name: String

    /// `autoscale_drill_<service>_<12 hex digits>`; at most 60 of the 63 bytes that PostgreSQL keeps of a name.
    package init(service: String) {
        let digits = Checksum.hex((0..<6).map { _ in UInt8.random(in: .min ... .max) })
        name = Self.prefix(service) + digits
    }

    /// One that a killed drill of this service left.
    package init?(_ name: String, service: String) {
        let prefix = Self.prefix(service)
        let digits = name.utf8.dropFirst(prefix.utf8.count)
        guard name.hasPrefix(prefix), digits.count == 12,
            digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.name = name
    }

    package static func prefix(_ service: String) -> String { "autoscale_drill_\(service)_" }
}
