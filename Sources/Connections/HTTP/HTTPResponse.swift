/// What the other end answered, whatever its status is: a 500 is an answer, too.
package struct HTTPResponse: Equatable, Sendable {
    package let status: Int
    package let headers: [HTTPHeader]
    /// Empty where the request discarded it.
    package let body: [UInt8]
    /// When the server's certificate ends, in Unix time; `nil` without TLS.
    package let certificateEnd: Int?

    package init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = [], certificateEnd: Int? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.certificateEnd = certificateEnd
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.utf8.map(\.lowercasedASCII) == name.utf8.map(\.lowercasedASCII) }?.value
    }

    /// Bytes that are not UTF-8 are replaced.
    package var text: String { String(decoding: body, as: UTF8.self) }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
