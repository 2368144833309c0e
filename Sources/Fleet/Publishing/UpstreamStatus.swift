import Connections
import Decisions
import Host
package import Settings

/// The status server in the generated file, asked over HTTP.
package struct UpstreamStatus: Sendable {
    package enum Answer: Equatable, Sendable {
        case live(LiveUpstream)
        /// A generated file answers that names no service: one of an older version, perhaps of another service.
        case unnamed(LiveUpstream)
        /// The file of another service on the same address answers: ours is not loaded.
        case otherService(String)
        /// Something answers there in HTTP, and it is no generated file.
        case foreign(String)
        /// Something answers there, and not in plain HTTP: NGINX has the address with `ssl`, `http2` or `proxy_protocol`.
        case notPlainHTTP(String)
        /// Nothing listens: NGINX is down, or our file was never loaded.
        case refused
        /// Accepted, and closed without an answer: what a proxy does before a port where nothing listens. Docker's userland
        /// proxy, its default, is one, so for an NGINX in a container this is what `refused` is for one on the host.
        case dropped
        case silent(String)
    }

    /// In bytes: more than 100 for each of 1000 servers, and many times that.
    package static let largestAnswer = 1 << 20

    private let url: String
    private let serverName: String
    private let service: UpstreamConfiguration.Name
    private let client = CurlClient()

    package init(_ settings: Configuration.LoadBalancer) {
        url = "\(settings.statusURL)/autoscale"
        serverName = settings.status.serverName
        service = settings.status.service
    }

    /// One question on a connection of its own: an old worker answers on the old ones.
    package func ask(within timeout: Duration) -> Answer {
        let deadline = Deadline(after: timeout)
        do throws(HTTPFailure) {
            return answer(try client.send(request(within: timeout)))
        } catch {
            switch error {
            case .refused: return .refused
            case .cutShort: return speaksProxyProtocol(before: deadline) ? .notPlainHTTP("proxy_protocol") : .dropped
            case .unsupported: return .notPlainHTTP(firstWords(before: deadline))
            default: return .silent(error.description)
            }
        }
    }

    private func request(within timeout: Duration) -> HTTPRequest {
        HTTPRequest(
            .get, url, headers: [HTTPHeader("Host", serverName)], timeout: timeout,
            bodyPolicy: .collect(upTo: Self.largestAnswer))
    }

    private func answer(_ response: HTTPResponse) -> Answer {
        guard let answer = StatusAnswer(response) else {
            // NGINX's own page for plain HTTP on a port with `ssl`, as every version words it.
            if response.status == 400, response.text.contains("plain HTTP request was sent to HTTPS port") {
                return .notPlainHTTP("ssl")
            }
            let server = response.header("Server").map { ", \($0.escapingControls().prefix(60))" } ?? ""
            return .foreign("HTTP \(response.status)\(server)")
        }
        return switch answer.service {
        case service: .live(answer.live)
        case nil: .unnamed(answer.live)
        case let other?: .otherService(other.description)
        }
    }

    // MARK: What else it may be

    /// Whether the same question, led by the line of the PROXY protocol, is answered in HTTP: NGINX closes a connection
    /// without that line as if nobody listened.
    private func speaksProxyProtocol(before deadline: Deadline) -> Bool {
        var question = request(within: deadline.remaining)
        question.opening = .proxyProtocol
        return (try? client.send(question)) != nil
    }

    /// What the first bytes of an answer without HTTP's first line show.
    private func firstWords(before deadline: Deadline) -> String {
        var question = request(within: deadline.remaining)
        question.opening = .anyAnswer
        let bytes = (try? client.send(question))?.body ?? []
        // RFC 9113: frames begin with a length of 3 bytes and the type, and the first one is SETTINGS (4).
        if bytes.count >= 9, bytes[0] == 0, bytes[3] == 4 { return "http2" }
        // RFC 8446: a record begins with its type, 21 for an alert, and version 3.
        if bytes.count >= 3, [21, 22].contains(bytes[0]), bytes[1] == 3 { return "ssl" }
        return String(decoding: bytes.prefix(40), as: UTF8.self).escapingControls()
    }
}
