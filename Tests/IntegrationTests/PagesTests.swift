import Foundation
import SystemPackage
import TestSupport
import Testing

/// The pages, followed word for word on a throwaway copy of this host, with a real user, cron lines, sudo, Docker Engine,
/// NGINX and PostgreSQL in their own places.
@Suite(.timeLimit(.minutes(5)))
struct PagesTests {
    @Test func `a new user's first day and last one: the site answers after every step, and when NGINX starts again`()
        async throws
    { try await follow("new-user") }

    /// With docker-compose of the distribution, and with the plugin of Compose v2, which Tests/prepare installs.
    @Test(arguments: [nil, ".run/compose/bin/docker-compose"])
    func
        `NGINX in a container: the first run succeeds through Docker's default proxy, and restarts and upgrades do no harm`(
            plugin: String?
        ) async throws
    { try await follow("container", plugin.map { [Self.root.appending($0).string] } ?? []) }

    private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    private func follow(_ script: String, _ more: [String] = []) async throws {
        let root = Self.root
        let pages = root.appending("Tests/pages")
        let programs = BuiltBinary("autoscale").path.removingLastComponent()
        let process = try RunningProcess(
            pages.appending("host"), arguments: [pages.appending(script).string, root.string, programs.string] + more)
        defer { process.end() }
        let output = try await process.output(within: .seconds(240))
        #expect(output.status == 0, "\(output.stdout)\n\(output.stderr)")
        #expect(output.stdout.hasSuffix("went through\n"))
    }
}
