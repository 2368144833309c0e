import Decisions

/// A place in an S3-compatible store.
package struct StoreLocation: Equatable, Sendable {
    package let bucket: String
    /// Without a slash at either end; may be empty.
    package let prefix: String
    /// `https://host`, without a path; `nil`: Amazon's own of the region.
    package let endpoint: String?
    package let region: String

    /// Amazon's own.
    package static let defaultRegion = "us-east-1"

    package init(bucket: String, prefix: String, endpoint: String?, region: String) {
        self.bucket = bucket
        self.prefix = prefix
        self.endpoint = endpoint
        self.region = region
    }

    /// `s3://bucket/prefix`, at Amazon's; `nil` where it is none.
    package init?(_ text: String) {
        guard text.hasPrefix("s3://") else { return nil }
        let parts = text.dropFirst(5).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var folders = parts.dropFirst()
        if folders.last == "" { folders.removeLast() }
        guard let bucket = parts.first, Self.isBucket(bucket), folders.allSatisfy(Self.isFolder) else { return nil }
        self.bucket = bucket
        prefix = folders.joined(separator: "/")
        endpoint = nil
        region = Self.defaultRegion
    }

    /// `s3://bucket/prefix`, as it is configured.
    package var url: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)") }

    /// It becomes part of a host name and of what is signed; not every store keeps to Amazon's lower case.
    package static func isRegion(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
    }

    /// "Bucket naming rules" of Amazon S3.
    private static func isBucket(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count) && !name.hasPrefix(".") && !name.hasPrefix("-")
            && name.utf8.allSatisfy { isLower($0) || $0.isASCIIDigit || $0 == 0x2D || $0 == 0x2E }
    }

    /// Characters that need no escaping in a URL; `.` and `..` would be taken for a path's own.
    private static func isFolder(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".."
            && name.utf8.allSatisfy {
                $0.isASCIIDigit || $0.isASCIILetter || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
            }
    }

    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
