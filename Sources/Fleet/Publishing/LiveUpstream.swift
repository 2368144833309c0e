package import Connections
package import Decisions
import Host

/// What the running NGINX says that it serves. `nginx -s reload` can succeed and change nothing, so it is asked.
package struct LiveUpstream: Equatable, Sendable {
    package let generation: String
    package let servers: Set<ServerAddress>
}

/// The answer of the status server in a generated file, whose ever it is.
package struct StatusAnswer: Equatable, Sendable {
    /// `nil` in files of versions before the answer named it.
    package let service: UpstreamConfiguration.Name?
    package let live: LiveUpstream

    private struct Body: Decodable {
        let service: String?
        let generation: String
        let servers: [String]
    }

    /// `nil` where it is not the answer of a generated file.
    package init?(_ response: HTTPResponse) {
        guard response.status == 200, let body = try? OutsideJSON.decode(Body.self, from: response.body) else {
            return nil
        }
        let servers = body.servers.compactMap { ServerAddress($0) }
        guard servers.count == body.servers.count else { return nil }
        service = body.service.flatMap { UpstreamConfiguration.Name($0) }
        guard (service == nil) == (body.service == nil) else { return nil }
        live = LiveUpstream(generation: body.generation, servers: Set(servers))
    }
}
