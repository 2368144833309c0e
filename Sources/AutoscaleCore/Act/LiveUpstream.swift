package import Decisions

/// What the running NGINX says that it serves. `nginx -s reload` can succeed and change nothing, so it is asked.
package struct LiveUpstream: Equatable, Sendable {
    package let generation: String
    package let servers: Set<ServerAddress>
}

/// The status server in the generated file, asked over HTTP.
package struct UpstreamStatus: Sendable {
    package enum Answer: Equatable, Sendable {
        case live(LiveUpstream)
        /// Something answers there, and it is not a file of ours for this service.
        case foreign(String)
        /// Nothing listens: NGINX is down, or our file was never loaded.
        case refused
        case silent(String)
    }

    /// In bytes: more than 100 for each of 1000 servers, and many times that.
    package static let largestAnswer = 1 << 20

    private let url: String
    private let host: String
    private let client = CurlClient()

    package init(_ settings: Configuration.LoadBalancer) {
        url = "\(settings.statusURL)/autoscale"
        host = settings.status.serverName
    }

    /// One question on a connection of its own: an old worker answers on the old ones.
    package func ask(within timeout: Duration) -> Answer {
        let request = HTTPRequest(
            .get, url, headers: [HTTPHeader("Host", host)], timeout: timeout,
            bodyPolicy: .collect(upTo: Self.largestAnswer))
        do throws(HTTPFailure) {
            let response = try client.send(request)
            return LiveUpstream(response).map(Answer.live) ?? .foreign("HTTP \(response.status)")
        } catch {
            switch error {
            case .refused: return .refused
            default: return .silent(error.description)
            }
        }
    }

}

extension LiveUpstream {
    private struct Body: Decodable {
        let generation: String
        let servers: [String]
    }

    /// `nil` where it is not the answer of a file of ours.
    package init?(_ response: HTTPResponse) {
        guard response.status == 200, let body = try? OutsideJSON.decode(Body.self, from: response.body) else {
            return nil
        }
        let servers = body.servers.compactMap { ServerAddress($0) }
        guard servers.count == body.servers.count else { return nil }
        self.init(generation: body.generation, servers: Set(servers))
    }
}
