import CCurl
import Glibc

/// HTTP over libcurl: no redirects, no proxies from the environment, every request with a time-out of its own.
///
/// Calls block their thread.
package struct CurlClient: Sendable {
    /// curl_global_init(3), once: Swift makes a static value on first use only, whatever thread asks.
    private static let initialised = ccurl_global_init() == CURLE_OK

    package init() {}

    package func send(_ request: HTTPRequest) throws(HTTPFailure) -> HTTPResponse {
        try Self.checkLibrary()
        return try BrokenPipe.quiet { () throws(HTTPFailure) in try CurlTransfer(request).perform() }
    }

    /// Sends all requests at once (libcurl-multi(3)): they take the time of the slowest, not of their sum.
    ///
    /// More than our limit of open files allows go in several rounds.
    /// - Returns: a result for each request, in their order.
    package func sendAll(_ requests: [HTTPRequest]) -> [Result<HTTPResponse, HTTPFailure>] {
        let round = Self.requestsAtOnce
        var results: [Result<HTTPResponse, HTTPFailure>] = []
        results.reserveCapacity(requests.count)
        for start in stride(from: 0, to: requests.count, by: round) {
            results += sendTogether(requests[start..<min(start + round, requests.count)])
        }
        return results
    }

    private func sendTogether(_ requests: ArraySlice<HTTPRequest>) -> [Result<HTTPResponse, HTTPFailure>] {
        do throws(HTTPFailure) {
            try Self.checkLibrary()
            let round = try CurlRound()
            for request in requests { round.add(request) }
            return BrokenPipe.quiet { round.run() }
        } catch {
            return requests.map { _ in .failure(error) }
        }
    }

    /// Half of the open files that we may have (getrlimit(2)); a name that is looked up holds more than its socket.
    private static var requestsAtOnce: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 64 }
        return Int(max(1, min(limit.rlim_cur / 2, 512)))
    }

    private static func checkLibrary() throws(HTTPFailure) {
        guard initialised else { throw .unsupported(detail: "libcurl could not be set up") }
    }
}
