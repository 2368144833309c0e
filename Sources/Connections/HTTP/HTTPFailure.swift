import Decisions
package import SystemPackage

/// Why there is no answer.
package enum HTTPFailure: Error, Equatable {
    /// Nobody listens there.
    case refused
    /// Connected or not: no full answer in that time.
    case timedOut(seconds: Double)
    /// Nothing moved for that time.
    case stalled(seconds: Double)
    /// `HTTPRequest.watch` said so.
    case stopped
    /// What was to be sent can't be read.
    case unreadableFile(Errno)
    /// The right to use the Unix socket is missing (EACCES).
    case notPermitted
    /// There is no such Unix socket (ENOENT).
    case noSuchSocket
    /// No way there: the name, the network, or TLS.
    case unreachable(detail: String)
    /// Its certificate is not one that we trust: another name, over, or of an unknown authority.
    case untrusted(detail: String)
    /// The connection ended before the answer did; the other end may have carried the request out.
    case cutShort(detail: String)
    /// The answer is longer than the limit, in bytes.
    case tooLarge(limit: Int)
    /// Not a request that we make, or not an answer of HTTP.
    case unsupported(detail: String)
}

extension HTTPFailure: Catalogue, CustomStringConvertible {
    package var description: String { english }
}
