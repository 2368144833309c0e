/// One request of HTTP/1.1; it always has a connection of its own, so an answer never comes from an older process.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case delete = "DELETE"
    }

    package enum BodyPolicy: Sendable {
        /// Keeps the body; one that is longer, in bytes, is `HTTPFailure.tooLarge`.
        case collect(upTo: Int)
        /// Drops the body, and hangs up after 64 KiB of it: the status has been seen.
        case discard
    }

    package var method: Method
    /// `http` or `https`, already escaped.
    package var url: String
    /// Connects to this Unix socket; the host in `url` is then only the Host header.
    package var unixSocket: String?
    package var headers: [HTTPHeader]
    /// Sent with `post` only.
    package var body: [UInt8]
    /// From the first packet to the last byte. Zero or less is timed out before anything is sent.
    package var timeout: Duration
    package var connectTimeout: Duration
    package var bodyPolicy: BodyPolicy

    package init(
        _ method: Method = .get, _ url: String, unixSocket: String? = nil, headers: [HTTPHeader] = [],
        body: [UInt8] = [], timeout: Duration, connectTimeout: Duration? = nil,
        bodyPolicy: BodyPolicy = .collect(upTo: 1 << 20)
    ) {
        self.method = method
        self.url = url
        self.unixSocket = unixSocket
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout ?? timeout
        self.bodyPolicy = bodyPolicy
    }
}

package struct HTTPHeader: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
