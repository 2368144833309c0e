import Decisions
import Fleet
import Foundation
import Host
import Reporting
import Settings
import SystemPackage
import TestSupport
import Testing

/// Goal 11: text from outside that would be taken for something else by a shell, by NGINX or by the reader of a log.
@Suite(.sharedDatabase)
struct MonitorInjectionTests {
    // MARK: A shell

    @Test func `the words of a configured command reach the program as they stand, and no shell`() async throws {
        try await withPrivateService { service in
            let bait = service.folder.appending("bait")
            let lures = [
                "$(touch \(bait))", "`touch \(bait)`", ";", "touch \(bait)", "|", "tee \(bait)", ">", "\(bait)", "&",
                "&&", "*", "?", "~", "$HOME", "${PATH}", "{a,b}", "!!", "a\\b", "it's", "", " two  spaces ",
            ]
            let text = lures.map { "'\($0.replacing("'", with: #"'\''"#))'" }.joined(separator: " ")
            let bare = "$(touch \(bait)) ;touch \(bait) |tee \(bait) >\(bait) &"
            let expected = lures + bare.split(separator: " ").map(String.init)
            func command(_ name: String, then rest: String) throws -> String {
                let program = service.folder.appending(name)
                let script =
                    "#!/bin/sh\nPATH=$PATH:/usr/sbin\nprintf '%s\\n' \"$@\" >'\(service.folder)/\(name).words'\n\(rest)\n"
                try script.write(toFile: program.string, atomically: true, encoding: .utf8)
                chmod(program.string, 0o700)
                return "\(program) \(text) \(bare)"
            }
            try service.configure([
                "NGINX_TEST_COMMAND": try command("check", then: service.nginx.testCommand),
                "NGINX_RELOAD_COMMAND": try command("reload", then: service.nginx.reloadCommand),
                "BACKEND_COMMAND": try command(
                    "backend", then: "exec '\(BuiltBinary("sample-backend").path)'"),
            ])
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run)")
            #expect(try service.served()?.count == 1)
            for name in ["check", "reload", "backend"] {
                let words = try String(contentsOfFile: "\(service.folder)/\(name).words", encoding: .utf8)
                #expect(words == expected.map { "\($0)\n" }.joined(), "\(name)")
            }
            #expect(!FileManager.default.fileExists(atPath: bait.string))
        }
    }

    // MARK: NGINX

    @Test func `no setting that reaches the upstream file can close a block in it`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            let before = [service.folder, service.nginx.upstreamFile].map { FolderSnapshot(of: $0) }
            let keys = [
                "SERVICE", "NGINX_UPSTREAM_NAME", "NGINX_STATUS_LISTEN", "LB_METHOD", "LB_KEEPALIVE", "LB_MAX_FAILS",
                "LB_FAIL_TIMEOUT", "BACKEND_HOST_PORTS", "BACKEND_NAME",
            ]
            let good = [
                "SERVICE": "app", "NGINX_STATUS_LISTEN": "127.0.0.1:8080", "LB_METHOD": "hash $request_uri",
                "BACKEND_HOST_PORTS": "3000-3001",
            ]
            let endings = [
                "; } server { listen 127.0.0.1:1; }", ";}", "\n}", "\u{85}}", " #", "'", "\"", "${x}", "\\", "é",
            ]
            for key in keys {
                for ending in endings {
                    let run = try await service.monitor(
                        environment: ["AUTOSCALE_\(key)": (good[key] ?? "1") + ending])
                    #expect(run.status == 78, "\(key) \(ending): \(run)")
                }
            }
            #expect([service.folder, service.nginx.upstreamFile].map { FolderSnapshot(of: $0) } == before)
        }
    }

    @Test func `nothing that Docker says reaches the upstream file but addresses that were read as numbers`()
        async throws
    {
        try await withHostileDocker { docker in
            let service = docker.service
            let good = try #require(ServerAddress.loopback(port: docker.port))
            for settings in [[:], ["BACKEND_ADDRESS": "network", "BACKEND_NETWORK": "web"]] {
                try docker.configure(settings)
                let run = try await service.monitor()
                #expect(try service.served() == [good], "\(run)")
                let text = try String(contentsOfFile: service.nginx.upstreamFile.string, encoding: .utf8)
                #expect(!text.contains("evil") && !text.contains("127.0.0.1:1;"))
                let servers = text.split(separator: "\n").filter { $0.contains(" server ") && !$0.hasSuffix("{") }
                #expect(servers == ["    server \(good) max_fails=3 fail_timeout=30s;"])
                let test = try await ChildProcess.run(
                    CommandWords(service.nginx.testCommand), timeout: .seconds(20))
                #expect(test.termination.isSuccess)
                expectHonest(run.stdout)
            }
        }
    }

    // MARK: The reader of a log

    /// A line like ours, and what moves the cursor, turns the writing round or ends a text.
    private static let evil =
        "x\n[2024-01-15 14:30:00] State: FORGED\r[2024-01-15 14:30:00] FORGED\u{2028}[2024-01-15 14:30:00] FORGED"
        + "\u{1B}[2J\u{9B}31m\u{202E}\u{2066}\u{61C}\u{85}\u{7F}"

    @Test func `what a database, NGINX or a backend says forges no line`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            let escaped = Self.evil.unicodeScalars.map { "\\\(String(format: "%04X", $0.value))" }.joined()
            try service.database.run(
                "CREATE FUNCTION forge_\(service.name)() RETURNS numeric LANGUAGE plpgsql AS "
                    + "$$ BEGIN RAISE EXCEPTION '%', U&'\(escaped)'; END $$")
            let words = service.folder.appending("words")
            try (Self.evil + "\u{0}[2024-01-15 14:30:00] FORGED\n").write(
                toFile: words.string, atomically: true, encoding: .utf8)
            let cases = [
                ["CONNECTIONS_QUERY": "SELECT forge_\(service.name)()"],
                ["NGINX_TEST_COMMAND": "sh -c 'cat \(words) >&2; exit 1'"],
                ["NGINX_RELOAD_COMMAND": "sh -c 'cat \(words); exit 1'"],
                ["BACKEND_COMMAND": "sh -c 'cat \(words); exit 1'"],
            ]
            try service.load(150)
            for settings in cases {
                try service.configure(settings)
                unlink(service.stateFile.string)  // else one failed start holds the next
                try await expectHonest(service, saying: "FORGED", "\(settings)")
            }
        }
    }

    @Test func `what Docker, its containers and whatever answers in NGINX's place say forges no line`() async throws {
        try await withHostileDocker { docker in
            let service = docker.service
            try docker.configure([:])
            try await expectHonest(service, saying: "FORGED", "Docker")
            let evil = Self.evil
            try await withCannedServer { _ in
                .bytes(
                    "HTTP/1.1 200 \(evil)\r\nX: \(evil)\r\nContent-Type: \(evil)\r\n\r\n{\"generation\":\"\(evil)\"}")
            } _: { server in
                try docker.configure(["NGINX_STATUS_URL": "http://127.0.0.1:\(try server.port)"])
                let run = try await service.monitor()
                #expect(run.status == 1, "\(run)")
                #expect(!server.requests.isEmpty)
                expectHonest(run.stdout)
                expectEscaped(try await service.run(["status"]).stdout)
            }
        }
    }

    @Test func `a process or a file that is called like a log line forges none`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            for name in [Self.evil, "x; } server {"] {
                let forged = try await ChildProcess.run(
                    CommandWords("setsid --fork sleep 60"),
                    environment: [
                        "AUTOSCALE_SERVICE": service.name, "AUTOSCALE_NAME": name, "AUTOSCALE_OP": name,
                        "AUTOSCALE_CREATED": "1", "PORT": "6666",
                    ], workingDirectory: service.folder, timeout: .seconds(5))
                #expect(forged.termination.isSuccess)
            }
            try await expectHonest(service, saying: nil, "processes")
            #expect(try service.served()?.count == 1)

            let folder = service.folder.appending(Self.evil.filter { $0 != "/" })
            try FileManager.default.createDirectory(
                atPath: folder.string, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o777])
            chmod(folder.string, 0o777)
            let file = folder.appending("a").string
            for key in ["STATE_FILE", "NGINX_UPSTREAM_FILE", "BACKEND_ENV_FILE", "DB_PASSWORD_FILE"] {
                let run = try await service.monitor(environment: ["AUTOSCALE_\(key)": file])
                #expect((run.stdout + run.stderr).contains("FORGED"), "\(key): \(run)")
                expectHonest(run.stdout)
                expectEscaped(run.stderr)
                #expect(run.stderr.split(separator: "\n").count < 2)
            }
            let absent = try await service.command.run(arguments: ["monitor", "--config", file])
            #expect(absent.status == 78)
            expectEscaped(absent.stderr)
            #expect(absent.stderr.split(separator: "\n").count == 1, "\(absent.stderr)")
            let shown = try await service.run(["config", "show"], environment: ["AUTOSCALE_DB_NAME": Self.evil])
            #expect(shown.stdout.contains("FORGED"))
            expectEscaped(shown.stdout)
            #expect(shown.stdout.split(separator: "\n").count == ConfigurationKey.allCases.count)
        }
    }

    // MARK: -

    /// One run and every answer about it, in both forms.
    private func expectHonest(_ service: PrivateService, saying words: String?, _ place: String) async throws {
        let run = try await service.monitor()
        if let words { #expect(run.stdout.contains(words), "\(place): \(run.stdout)") }
        expectHonest(run.stdout)
        #expect(run.stderr.isEmpty, "\(place): \(run.stderr)")
        let json = try await service.monitor("--json")
        expectHonest(json.stderr)
        expectEscaped(json.stdout)
        for command in [
            ["status"], ["status", "--json"], ["why"], ["why", "--json"], ["monitor", "--dry-run", "--json"],
        ] {
            let answer = try await service.run(command)
            expectEscaped(answer.stdout)
            #expect(!answer.stdout.split(separator: "\n").contains { $0.hasPrefix("[2024-01-15") }, "\(answer.stdout)")
        }
        for name in FolderSnapshot(of: service.history.path).names {
            expectEscaped(try String(contentsOfFile: service.history.path.appending(name).string, encoding: .utf8))
        }
    }

    /// Every line is one of ours, with the time of today.
    private func expectHonest(_ log: String) {
        expectEscaped(log)
        let lines = log.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.last == "")
        for line in lines.dropLast() {
            #expect(line.firstMatch(of: /^\[20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8}\] [^\[]/) != nil, "\(line)")
            #expect(!line.hasPrefix("[2024-01-15"), "\(line)")
        }
    }

    private func expectEscaped(_ text: String) {
        let marks = text.unicodeScalars.filter {
            $0 != "\n"
                && ($0.properties.generalCategory == .control || $0.properties.isBidiControl
                    || ["\u{2028}", "\u{2029}"].contains($0))
        }
        #expect(marks.isEmpty, "\(text.debugDescription)")
    }

    /// A service whose Docker lists one good container, adopted, and others with hostile names, labels and addresses,
    /// and refuses whatever it is asked to do in hostile words.
    private func withHostileDocker(_ body: (HostileDocker) async throws -> Void) async throws {
        let header = "X-Evil: \(Self.evil.filter { !$0.isNewline })"
        try await withCannedServer { _ in
            CannedServer.answer(headers: [header], body: Self.evil)
        } _: { backend in
            try await withPrivateService { service in
                let docker = HostileDocker(
                    service: service, socket: service.folder.appending("docker.sock"), port: try backend.port)
                let list = try docker.list(Self.evil)
                let refusal = String(decoding: try JSONEncoder().encode(["message": Self.evil]), as: UTF8.self)
                try await withCannedServer(at: docker.socket) { request in
                    if request.hasPrefix("GET /_ping ") {
                        return CannedServer.answer(headers: ["Api-Version: 1.41"], body: "OK")
                    }
                    return request.hasPrefix("GET /v1.41/containers/json?")
                        ? CannedServer.answer(body: list) : CannedServer.answer(status: 500, body: refusal)
                } _: { _ in
                    try await body(docker)
                }
            }
        }
    }
}

private struct HostileDocker {
    let service: PrivateService
    let socket: FilePath
    /// Where the good container answers.
    let port: UInt16

    func configure(_ settings: [String: String]) throws {
        let own = [
            "TARGET": "docker", "DOCKER_HOST": "unix://\(socket)", "BACKEND_PORT": "\(port)", "BACKEND_IMAGE": "x",
            "MIN_BACKENDS": "9", "MAX_BACKENDS": "9", "HEALTH_TIMEOUT": "1", "HEALTH_RETRIES": "1",
        ]
        try service.configure(own.merging(settings) { $1 })
    }

    /// The answer to `GET /containers/json`.
    func list(_ evil: String) throws -> String {
        func container(
            _ number: Int, _ name: String, state: String = "running", labels: [String: String] = [:],
            address: String = "127.0.0.1", network: String = "127.0.0.1", published: Int
        ) -> [String: Any] {
            [
                "Id": String(repeating: "ab", count: 31) + "0\(number)", "Names": ["/\(name)"],
                "Created": 1_700_000_000,
                "State": state, "Labels": labels.merging(["autoscale.service": service.name]) { $1 },
                "Ports": [["IP": address, "PrivatePort": Int(port), "PublicPort": published, "Type": "tcp"]],
                "NetworkSettings": ["Networks": ["web": ["IPAddress": network]]],
            ]
        }
        let block = "; } server { listen 127.0.0.1:1; }"
        let labels = [
            "autoscale.managed": "true", "autoscale.op": evil, "autoscale.created": evil,
            "autoscale.port": "\(port)\(block)",
        ]
        let containers = [
            container(1, "good", published: Int(port)),
            container(
                2, evil, labels: labels, address: "127.0.0.1\(block)", network: "127.0.0.1\(block)", published: 1),
            container(3, "web\(block)", state: evil, published: 1),
            container(4, "web", address: "evil.example", network: "evil.example", published: 1),
            container(5, evil, state: "exited", labels: labels, published: 1),
        ]
        return String(decoding: try JSONSerialization.data(withJSONObject: containers), as: UTF8.self)
    }
}
