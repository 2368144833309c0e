import Decisions

/// A version of Docker's Engine API, such as 1.41.
package struct DockerVersion: Hashable, Sendable {
    package let major: Int
    package let minor: Int

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.41`.
    package init?(_ text: String) {
        guard text.utf8.count <= 9 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]),
            text.utf8.allSatisfy({ $0 == 46 || $0.isASCIIDigit })
        else { return nil }
        self.init(major, minor)
    }

    /// Docker 20.10's.
    package static let oldest = DockerVersion(1, 41)
    /// The newest that we know; newer engines speak it, too.
    package static let newest = DockerVersion(1, 51)

    /// The smaller of the engine's newest and ours; `nil` where theirs is too old.
    package static func spoken(withNewestOfTheirs theirs: DockerVersion) -> DockerVersion? {
        theirs < oldest ? nil : min(theirs, newest)
    }
}

extension DockerVersion: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

extension DockerVersion: CustomStringConvertible {
    package var description: String { "\(major).\(minor)" }
}
