import Decisions
import Host

/// Where the objects of a bucket are.
///
/// A configured endpoint gets the bucket in the path, which every compatible store understands and no certificate or DNS
/// entry has to know of. Amazon's own gets it in the host name, as it asks for; a bucket with dots would not match its
/// certificate there and goes into the path.
struct S3Address: Sendable {
    /// `https://host` or `https://host/bucket`.
    let bucket: String

    init(_ upload: StoreLocation) {
        let amazon = "s3.\(upload.region).amazonaws.com"
        bucket =
            if let endpoint = upload.endpoint {
                "\(endpoint)/\(upload.bucket)"
            } else if upload.bucket.contains(".") {
                "https://\(amazon)/\(upload.bucket)"
            } else {
                "https://\(upload.bucket).\(amazon)"
            }
    }

    struct Parameter: Sendable {
        let name: String
        let value: String

        init(_ name: String, _ value: String = "") {
            self.name = name
            self.value = value
        }
    }

    /// Sorted, and with a `=` where there is no value: libcurl 7.88 signs a query as it stands.
    func url(_ key: String = "", _ parameters: [Parameter] = []) -> String {
        let query = parameters.sorted { $0.name < $1.name }.map { "\($0.name)=\(Self.escaped($0.value))" }
        let path = "\(bucket)/\(Self.escaped(key, keepingSlashes: true))"
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }

    /// "UriEncode" of Signature Version 4.
    static func escaped(_ text: String, keepingSlashes: Bool = false) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where keepingSlashes: escaped += "/"
            default: escaped += "%" + Checksum.hex([byte]).uppercased()
            }
        }
        return escaped
    }
}
