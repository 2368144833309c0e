import Backups
import Connections
import Foundation
import Host
import SeededRandom
import SystemPackage
import TestSupport
import Testing

/// "Several services on one server" of docs/operations.md, followed with two of everything: one NGINX, one PostgreSQL, one
/// BACKUP_DIR, one status address, overlapping ports; and one Docker Engine, where backends are containers.
@Suite(.sharedDatabase, .privateDocker)
struct TwoServicesTests {
    private struct Pair {
        let first: PrivateService
        let second: FilePath
        let name: String
        let site: UInt16

        func configuration(_ index: Int) -> FilePath { index == 0 ? first.configuration : second }
        func service(_ index: Int) -> String { index == 0 ? first.name : name }
        func port(_ index: Int) -> UInt16 { index == 0 ? first.nginx.port : site }

        func run(_ index: Int, _ program: String, _ arguments: String...) async throws -> ProcessOutput {
            try await BuiltBinary(program).run(
                arguments: arguments + ["--config", configuration(index).string],
                environment: RunningProcess.cronEnvironment, workingDirectory: "/", timeout: .seconds(120))
        }

        func load(_ index: Int, _ connections: Int) throws {
            _ = try first.database.run("UPDATE load_\(service(index)) SET n = \(connections)")
        }

        /// What its visitors see.
        func page(_ index: Int) -> String {
            let request = HTTPRequest(.get, "http://127.0.0.1:\(port(index))/", timeout: .seconds(10))
            guard let answer = try? CurlClient().send(request) else { return "no answer" }
            return answer.status == 200 ? String(decoding: answer.body, as: UTF8.self) : "HTTP \(answer.status)"
        }

        /// All that is a service's alone and that its own runs change: state, upstream file, backups, processes.
        func belongings(_ index: Int) throws -> Belongings {
            let folder = first.folder.appending("state")
            let state = index == 0 ? folder.appending("history") : folder.appending("shop")
            let upstream = first.nginx.folder.appending("nginx").appending(index == 0 ? "upstream.conf" : "shop.conf")
            let manifests = try BackupFolder(first.folder.appending("backups")).backups().filter {
                $0.manifest?.service == service(index)
            }
            return Belongings(
                state: FolderSnapshot(of: state), upstream: FolderSnapshot(of: upstream),
                backups: manifests.map(\.name.description), backends: try backends(index))
        }

        /// Found without what is tested: processes by what they run, containers by their label and start.
        private func backends(_ index: Int) throws -> Set<String> {
            guard case .docker(let docker) = first.target else {
                let processes = try first.backends().filter { status in
                    ProcessTable.commandLine(of: status.identity.pid).contains { $0.hasSuffix("site-\(index)") }
                }
                return Set(processes.map { "\($0.identity.pid)" })
            }
            let containers = try docker.engine.containers(
                labelled: ["autoscale.service=\(service(index))"], before: Deadline(after: .seconds(10)))
            return Set(containers.map { "\($0.id.text) \($0.state) \($0.networks.values.compactMap(\.endpoint))" })
        }
    }

    private struct Belongings: Equatable {
        let state: FolderSnapshot
        let upstream: FolderSnapshot
        let backups: [String]
        let backends: Set<String>
    }

    private static let commands: [[String]] = [
        ["autoscale", "monitor"], ["autoscale", "monitor"], ["autoscale", "monitor"], ["backup"], ["backup", "drill"],
        ["backup", "prune"], ["cleanup"], ["healthcheck"], ["autoscale", "status"],
    ]

    private func backends(_ index: Int, _ target: PrivateService.Target) -> [String: String] {
        guard case .process = target else { return [:] }
        return ["BACKEND_COMMAND": "sh -c 'exec busybox httpd -f -p 127.0.0.1:$PORT -h site-\(index)'"]
    }

    /// An image that serves the pages of a folder.
    private func image(_ docker: PrivateDocker, _ name: String, pages: String) async throws -> String {
        _ = try await docker.docker("create", "--name", "made-\(name)", TestImage.ready.name)
        _ = try await docker.docker("cp", pages, "made-\(name):/www")
        _ = try await docker.docker("commit", "made-\(name)", "\(name):1")
        _ = try await docker.docker("rm", "made-\(name)")
        return "\(name):1"
    }

    private func withPair(
        seed: UInt64, on target: PrivateService.Target, _ body: (Pair) async throws -> Void
    ) async throws {
        var random = SplitMix64(seed: seed)
        let rules = (0..<2).map { _ in
            [
                "BACKUP_KEEP_LAST": "\(1 + random.below(3))", "BACKUP_KEEP_DAILY": "0", "BACKUP_KEEP_WEEKLY": "0",
                "BACKUP_KEEP_MONTHLY": "0", "BACKUP_KEEP_MIN": "1", "CLEANUP_DISK_MIN_FREE": "0",
                "MAX_BACKENDS": "\(2 + random.below(2))",
            ]
        }
        let shift = UInt16(random.below(10))
        try await withPrivateService(rules[0].merging(backends(0, target)) { $1 }, on: target) { first in
            let name = "shop\(first.name)"
            let site = try freePorts(1).lowerBound
            for index in 0..<2 {
                let pages = first.folder.appending("site-\(index)").string
                try FileManager.default.createDirectory(atPath: pages, withIntermediateDirectories: true)
                for page in ["index.html", "health"] {
                    try (index == 0 ? first.name : name).write(
                        toFile: "\(pages)/\(page)", atomically: true, encoding: .utf8)
                }
            }
            let includes = first.nginx.folder.appending("nginx")
            let text = "upstream \(name)_backend { server 127.0.0.1:9 down; }\n"
            try text.write(toFile: includes.appending("shop.conf").string, atomically: true, encoding: .utf8)
            let server = "server { listen 127.0.0.1:\(site); location / { proxy_pass http://\(name)_backend; } }\n"
            try server.write(toFile: includes.appending("shop_site.conf").string, atomically: true, encoding: .utf8)
            _ = try first.database.run("CREATE TABLE load_\(name) AS SELECT 50::numeric AS n")

            // The block of the page, with what is particular to this machine.
            var settings = try Dictionary(
                String(contentsOfFile: first.configuration.string, encoding: .utf8).split(separator: "\n").map {
                    let parts = $0.split(separator: "=", maxSplits: 1)
                    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
                }, uniquingKeysWith: { $1 })
            settings.merge(rules[1]) { $1 }
            settings.merge([
                "SERVICE": name, "STATE_FILE": "state/shop/autoscale.json",
                "NGINX_UPSTREAM_FILE": includes.appending("shop.conf").string, "NGINX_UPSTREAM_NAME": "\(name)_backend",
                "BACKEND_HOST_PORTS": "\(first.ports.lowerBound + shift)-\(first.ports.upperBound)",
                "CONNECTIONS_QUERY": "SELECT n FROM load_\(name)",
            ]) { $1 }
            settings.merge(backends(1, target)) { $1 }
            if case .docker(let docker) = target {
                let images = try await [
                    image(docker, first.name, pages: first.folder.appending("site-0").string),
                    image(docker, name, pages: first.folder.appending("site-1").string),
                ]
                try first.configure(rules[0].merging(["BACKEND_IMAGE": images[0]]) { $1 })
                settings["BACKEND_IMAGE"] = images[1]
            }
            let path = first.configuration.removingLastComponent().appending("shop.conf")
            try settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
                .write(toFile: path.string, atomically: true, encoding: .utf8)
            try await body(Pair(first: first, second: path, name: name, site: site))
        }
    }

    @Test(arguments: [3] as [UInt64])
    func `two services at work at the same time touch nothing of each other's`(seed: UInt64) async throws {
        try await work(seed: seed, on: .process)
    }

    @Test(arguments: [4] as [UInt64])
    func `two services in containers at the same time touch nothing of each other's`(seed: UInt64) async throws {
        try await work(seed: seed, on: .docker(#require(PrivateDocker.current)))
    }

    private func work(seed: UInt64, on target: PrivateService.Target) async throws {
        var random = SplitMix64(seed: seed)
        try await withPair(seed: seed, on: target) { pair in
            for index in 0..<2 {
                let check = try await pair.run(index, "autoscale", "config", "check")
                #expect(check.status == 0, "\(check)")
            }
            // Both at once, from nothing to two sites.
            async let one = pair.run(0, "autoscale", "monitor")
            async let two = pair.run(1, "autoscale", "monitor")
            for output in try await [one, two] { #expect(output.status == 0 || output.status == 1, "\(output)") }
            for index in 0..<2 {
                let output = try await pair.run(index, "autoscale", "monitor")
                #expect(output.status == 0, "\(output)")
                let backup = try await pair.run(index, "backup")
                #expect(backup.status == 0, "\(backup)")
            }
            var log: [String] = []
            func expectPages() {
                for index in 0..<2 {
                    for _ in 0..<4 { #expect(pair.page(index) == pair.service(index), "\(log.suffix(6))") }
                }
            }
            expectPages()
            for _ in 0..<12 {
                let index = random.below(2)
                let words = Self.commands[random.below(Self.commands.count)]
                try pair.load(index, random.chance(50) ? 1000 : 1)
                let before = try pair.belongings(1 - index)
                let output = try await run(pair, index, words)
                log.append("\(index): \(words.joined(separator: " ")) = \(output.status ?? -1)")
                #expect(try pair.belongings(1 - index) == before, "\(log.suffix(6)): \(output)")
                if words != ["healthcheck"] { #expect(output.status == 0, "\(log.suffix(3)): \(output)") }
                expectPages()
            }
            for _ in 0..<5 {
                let words = [Self.commands[random.below(6)], Self.commands[random.below(Self.commands.count)]]
                for index in 0..<2 { try pair.load(index, random.chance(50) ? 1000 : 1) }
                async let first = run(pair, 0, words[0])
                async let second = run(pair, 1, words[1])
                let outputs = try await [first, second]
                log.append("\(words[0]) | \(words[1])")
                for (words, output) in zip(words, outputs) where words != ["healthcheck"] && words[0] != "autoscale" {
                    #expect(output.status == 0, "\(log.suffix(3)): \(output)")
                }
                expectPages()
            }
            for index in 0..<2 {
                let check = try await pair.run(index, "healthcheck", "--check", "last_run", "--check", "backup")
                #expect([0, 1].contains(check.status) && check.stdout.contains("OK"), "\(check)")
                #expect(try !pair.belongings(index).backups.isEmpty && !pair.belongings(index).backends.isEmpty)
            }
        }
    }

    private func run(_ pair: Pair, _ index: Int, _ words: [String]) async throws -> ProcessOutput {
        words.count == 1 ? try await pair.run(index, words[0]) : try await pair.run(index, words[0], words[1])
    }
}
