import Connections
import Decisions
import Fleet
import Foundation
import SystemPackage
import TestSupport
import Testing

/// NGINX in a container of its own, tested and reloaded with `docker exec`, its status port published through Docker's
/// userland proxy, as the documents show it.
@Suite(.privateDocker, .sharedDatabase, .timeLimit(.minutes(5)))
struct NginxContainerTests {
    let docker: PrivateDocker

    init() throws { docker = try #require(PrivateDocker.current) }

    /// Starts it with an upstream as a person writes it, and a service that is configured for it.
    private func withNginxContainer(
        _ body: (_ service: PrivateService, _ container: String, _ site: String) async throws -> Void
    ) async throws {
        try await docker.importNginx()
        try await withPrivateService(["BACKEND_ADDRESS": "network"], on: .docker(docker)) { service in
            let ports = try freePorts(2)
            let container = "nginx-\(service.name)"
            let mounted = service.nginx.folder.appending("nginx")
            let configuration = service.folder.appending("nginx.conf")
            try """
            user root;
            events { }
            http {
                include \(mounted)/*.conf;
                server { listen 80; location / { proxy_pass http://app_backend; } }
            }

            """.write(toFile: configuration.string, atomically: true, encoding: .utf8)
            try await docker.docker(
                "run", "--detach", "--name", container, "--publish", "127.0.0.1:\(ports.lowerBound):8080", "--publish",
                "127.0.0.1:\(ports.upperBound):80", "--volume", "\(configuration):/etc/nginx/nginx.conf:ro", "--volume",
                "\(mounted):\(mounted):ro", "autoscale-test:nginx")
            let exec = "docker -H \(docker.address) exec \(container) nginx"
            try service.configure([
                "BACKEND_ADDRESS": "network", "NGINX_TEST_COMMAND": "\(exec) -t",
                "NGINX_RELOAD_COMMAND": "\(exec) -s reload", "NGINX_STATUS_LISTEN": "0.0.0.0:8080",
                "NGINX_STATUS_URL": "http://127.0.0.1:\(ports.lowerBound)",
            ])
            let site = "http://127.0.0.1:\(ports.upperBound)/health"
            try await eventually("NGINX answers") { status(site) == 502 }
            try await body(service, container, site)
            try await docker.docker("rm", "--force", container)
        }
    }

    private func status(_ url: String) -> Int? {
        (try? CurlClient().send(HTTPRequest(.get, url, timeout: .seconds(5))))?.status
    }

    @Test func `the very first run publishes, and NGINX may be stopped, started and made anew afterwards`() async throws
    {
        try await withNginxContainer { service, container, site in
            let first = try await service.monitor()
            #expect(first.status == 0, "\(first)")
            #expect(first.stdout.contains("NGINX confirms; servers in the upstream: 1"), "\(first)")
            #expect(status(site) == 200)
            let second = try await service.monitor()
            #expect(second.status == 0 && second.stdout.hasSuffix("State: NORMAL\n"), "\(second)")
            let before = FolderSnapshot(of: service.nginx.upstreamFile)

            try await docker.docker("stop", container)
            let down = try await service.monitor()
            #expect(down.status == 69 && down.stdout.contains("nginx is not running"), "\(down)")
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == before)
            try await docker.docker("start", container)
            try await eventually("the site is back") { status(site) == 200 }
            let up = try await service.monitor()
            #expect(up.status == 0 && up.stdout.hasSuffix("State: NORMAL\n"), "\(up)")

            // Without its file, it is as before the first run: accepted by Docker's proxy, and reset.
            try service.nginx.writeUpstream(servers: [9])
            try await docker.docker("restart", container)
            try await eventually("NGINX answers") { status(site) == 502 }
            let again = try await service.monitor()
            #expect(again.status == 0, "\(again)")
            #expect(status(site) == 200)
        }
    }
}
