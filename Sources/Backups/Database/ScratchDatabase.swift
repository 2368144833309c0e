import Decisions
import Host

/// A database that a drill makes and drops, or a restore makes and renames when it is whole: its name is ours alone, so
/// that no other can be dropped by mistake, and nobody else writes into it.
package struct ScratchDatabase: Equatable, Sendable {
    package enum Purpose: String, CaseIterable, Sendable { case drill, restore }

    package let name: String

    /// `autoscale_drill_<service>_<12 hex digits>`; at most 62 of the 63 bytes that PostgreSQL keeps of a name.
    package init(_ purpose: Purpose = .drill, service: String) {
        let digits = Checksum.hex((0..<6).map { _ in UInt8.random(in: .min ... .max) })
        name = Self.prefix(purpose, service) + digits
    }

    /// One that a killed drill or restore of this service left.
    package init?(_ name: String, _ purpose: Purpose, service: String) {
        let prefix = Self.prefix(purpose, service)
        let digits = name.utf8.dropFirst(prefix.utf8.count)
        guard name.hasPrefix(prefix), digits.count == 12,
            digits.allSatisfy(\.isLowercaseHexDigit)
        else { return nil }
        self.name = name
    }

    package static func prefix(_ purpose: Purpose, _ service: String) -> String {
        "autoscale_\(purpose.rawValue)_\(service)_"
    }
}
