package import Host
package import SystemPackage

/// One request of HTTP/1.1; it always has a connection of its own, so an answer never comes from an older process.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
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
    /// Sent with `post`, and with `put` where there is no `file`.
    package var body: [UInt8]
    /// Sent with `put` in place of `body`, without being held in memory.
    package var file: HTTPFilePart?
    package var signature: HTTPSignature?
    /// From the first packet to the last byte. Zero or less is timed out before anything is sent.
    package var timeout: Duration
    package var connectTimeout: Duration
    /// Given up when nothing at all moves for so long, in whole seconds; `nil`: `timeout` alone ends it.
    package var stallTimeout: Duration?
    /// Asked several times a second, with how much of the file was sent; `false` ends the transfer with `.stopped`.
    package var watch: (@Sendable (_ sent: Int) -> Bool)?
    package var bodyPolicy: BodyPolicy
    package var trust = Trust.system
    package var opening = Opening.http

    /// How the conversation begins, to find out what a server speaks that does not answer plain HTTP.
    package enum Opening: Equatable, Sendable {
        case http
        /// With the line of the PROXY protocol before the request.
        case proxyProtocol
        /// With nothing but the request; an answer without HTTP's first line is a body with status 0, not an error.
        case anyAnswer
    }

    /// Whose certificates are good, where the address is `https`.
    package enum Trust: Equatable, Sendable {
        /// The authorities that this host trusts.
        case system
        /// Those of a file (PEM) instead.
        case authorities(FilePath)
        /// Any certificate, to read it: nothing is asked, and the status of the answer is 0.
        case anybody
    }

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

/// A part of an open file; its position is neither used nor changed.
package struct HTTPFilePart: Sendable {
    package let file: FileDescriptor
    package let offset: Int
    package let bytes: Int

    package init(of file: FileDescriptor, at offset: Int, bytes: Int) {
        self.file = file
        self.offset = offset
        self.bytes = bytes
    }
}

/// AWS Signature Version 4 of a request to S3, which libcurl computes (CURLOPT_AWS_SIGV4) over its own `x-amz-date` and all
/// headers of the request.
///
/// What libcurl 7.88 leaves to us: the checksum of the body (`x-amz-content-sha256`), a session's token, a query that is
/// sorted and escaped as the signature wants it, and no header without a value.
package struct HTTPSignature: Sendable {
    package let region: String
    package let accessKey: String
    package let secret: Secret

    package init(region: String, accessKey: String, secret: Secret) {
        self.region = region
        self.accessKey = accessKey
        self.secret = secret
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
