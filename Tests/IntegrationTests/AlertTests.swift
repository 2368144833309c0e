import Connections
import Decisions
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Alerts of real runs, as real receivers get them.
@Suite(.sharedDatabase)
struct AlertTests {
    private func events(_ deliveries: [WebhookSink.Delivery]) throws -> [String] {
        try deliveries.flatMap { delivery in
            let alerts = try #require(try delivery.object["alerts"] as? [[String: Any]])
            return alerts.map { "\($0["phase"] ?? "") \($0["event"] ?? "")" }
        }
    }

    @Test func `a full fleet without a ready backend is told once, and once that it is over`() async throws {
        let sink = try WebhookSink()
        try await withPrivateService(["ALERT_URL": try sink.url, "MIN_BACKENDS": "2"]) { service in
            #expect(try await service.monitor().status == 0)
            #expect(try events(sink.take()).isEmpty, "a first run is no news")
            let quiet = try await service.monitor()
            #expect(quiet.status == 0 && sink.take().isEmpty)
            #expect(!FolderSnapshot(of: service.stateFile.removingLastComponent()).names.contains("alerts.json"))

            for backend in try service.backends() { try ProcessTable.send(SIGSTOP, to: backend.identity) }
            try service.configure([
                "ALERT_URL": try sink.url, "MIN_BACKENDS": "2", "HEALTH_TIMEOUT": "1", "HEALTH_RETRIES": "1",
            ])
            let stopped = try await service.monitor()
            #expect(try events(sink.take()) == ["began no_ready_backend"], "\(stopped)")
            _ = try await service.monitor()
            #expect(try events(sink.take()).isEmpty, "it is told already")

            for backend in try service.backends() { try ProcessTable.send(SIGCONT, to: backend.identity) }
            _ = try await service.monitor()
            #expect(try events(sink.take()) == ["over no_ready_backend"])
        }
    }

    @Test func `a backend that died, a metric's absence and a run that can't work are told`() async throws {
        let sink = try WebhookSink()
        let settings = ["ALERT_URL": try sink.url, "MIN_BACKENDS": "2"]
        try await withPrivateService(settings) { service in
            _ = try await service.monitor()
            let victim = try #require(try service.backends().first)
            try ProcessTable.kill(victim.identity)
            _ = try await service.monitor()
            let deliveries = sink.take()
            #expect(try events(deliveries) == ["happened backend_lost"])
            let body = try deliveries[0].object
            #expect(body["service"] as? String == service.name)
            #expect(body["command"] as? String == "monitor")

            try await service.nginx.stop()
            let down = try await service.monitor()
            #expect(down.status == 69)
            #expect(try events(sink.take()) == ["began run_failed"])
            try await service.nginx.start()
            let up = try await service.monitor()
            #expect(up.status == 0, "\(up)")
            #expect(try events(sink.take()) == ["over run_failed"])
        }
    }

    @Test func `a foreign edit of the upstream file that is put right is told`() async throws {
        let sink = try WebhookSink()
        try await withPrivateService(["ALERT_URL": try sink.url]) { service in
            _ = try await service.monitor()
            _ = try await service.monitor()
            let file = service.nginx.upstreamFile.string
            try (try String(contentsOfFile: file, encoding: .utf8) + "# edited\n").write(
                toFile: file, atomically: true, encoding: .utf8)
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run)")
            #expect(try events(sink.take()) == ["happened drift_repaired"])
        }
    }

    @Test func `backends that die in every run are one alert, whatever their names are`() async throws {
        let sink = try WebhookSink()
        try await withPrivateService(["ALERT_URL": try sink.url, "MIN_BACKENDS": "2"]) { service in
            _ = try await service.monitor()
            var told: [String] = []
            for _ in 0..<4 {
                for backend in try service.backends() { try ProcessTable.kill(backend.identity) }
                _ = try await service.monitor()
                told += try events(sink.take())
            }
            #expect(told.count { $0 == "happened backend_lost" } == 1, "\(told)")
        }
    }

    @Test func `another configuration is no interference, and a failed publication is told in its own words`()
        async throws
    {
        let sink = try WebhookSink()
        let settings = ["ALERT_URL": try sink.url]
        try await withPrivateService(settings) { service in
            _ = try await service.monitor()
            _ = try await service.monitor()
            for change in [["LB_KEEPALIVE": "7"], ["LB_METHOD": "ip_hash"], ["LB_MAX_FAILS": "9"]] {
                try service.configure(settings.merging(change) { $1 })
                let run = try await service.monitor()
                #expect(run.stdout.contains("NGINX confirms"), "\(run)")
                #expect(try events(sink.take()).isEmpty, "\(change)")
            }
            let failing = ["LB_KEEPALIVE": "8", "NGINX_TEST_COMMAND": "/bin/false"]
            try service.configure(settings.merging(failing) { $1 })
            #expect(try await service.monitor().status == 1)
            let deliveries = sink.take()
            #expect(try events(deliveries) == ["happened step_failed"], "nothing was put right")
            #expect(deliveries[0].body.contains("NGINX refuses the new configuration (/bin/false: exit status 1)"))
        }
    }

    @Test func `where there was no upstream file before, the new one is said to be removed`() async throws {
        try await withPrivateService { service in
            try FileManager.default.removeItem(atPath: service.nginx.upstreamFile.string)
            // NGINX that does not need it yet takes the reload that wakes it.
            try service.configure(["NGINX_TEST_COMMAND": "/bin/false", "NGINX_RELOAD_COMMAND": "/bin/true"])
            let run = try await service.monitor()
            #expect(run.stdout.contains("There was no upstream file before, so the new one is removed"), "\(run)")
            #expect(!run.stdout.contains("is back"))
        }
    }

    @Test func `a receiver that hangs, refuses or is not there costs 5 s at most and changes nothing`() async throws {
        try await withCannedServer(reply: { _ in .silence }) { silent in
            let refusing = try WebhookSink(status: 500)
            let good = try WebhookSink()
            let urls = ["http://127.0.0.1:\(try silent.port)/", try refusing.url, "http://127.0.0.1:1/", try good.url]
            try await withPrivateService(["ALERT_URL": "'\(urls.joined(separator: " "))'"]) { service in
                _ = try await service.monitor()
                try ProcessTable.kill(try #require(try service.backends().first).identity)
                let begin = ContinuousClock.now
                let run = try await service.monitor()
                let time = begin.duration(to: .now)
                #expect(run.status == 0, "\(run)")
                #expect(time < .seconds(12), "\(time)")
                #expect(try service.served()?.count == 1)
                #expect(try events(good.take()) == ["happened backend_lost"])
                #expect(run.stdout.contains("An alert did not reach http://127.0.0.1:\(try silent.port)/…: no answer"))
                #expect(run.stdout.contains(": HTTP 500\n"))
                #expect(run.stdout.contains(": connection refused\n"))

                refusing.answer(200)
                _ = refusing.take()
                _ = try await service.monitor()
                #expect(try events(refusing.take()) == ["happened backend_lost"], "told as soon as it can be")
                #expect(good.take().isEmpty, "and nobody twice")
            }
        }
    }

    @Test func `a secret of an address is in no log, state, history or command line`() async throws {
        let canary = "canary8f3a"
        let sink = try WebhookSink(status: 404)
        try await withPrivateService(["ALERT_URL": "slack+\(try sink.url)/\(canary)"]) { service in
            _ = try await service.monitor()
            try ProcessTable.kill(try #require(try service.backends().first).identity)
            let run = try await service.monitor("--json")
            #expect(sink.deliveries.first?.path == "/\(canary)", "it was used")
            #expect(!"\(run)".contains(canary))
            let shown = try await service.run(["config", "show"])
            #expect(
                !"\(shown)".contains(canary) && shown.stdout.contains("ALERT_URL=slack+http://127.0.0.1"), "\(shown)")
            let state = service.stateFile.removingLastComponent().string
            for file in try #require(FileManager.default.enumerator(atPath: state)?.allObjects as? [String]) {
                // The one copy of the receivers: what tells of a configuration that can't be used. Its owner's alone.
                if file == "autoscale.conf.last-good" {
                    #expect(try FileOwnership(of: FilePath("\(state)/\(file)"))?.mode == .ownerReadWrite)
                    continue
                }
                let text = (try? String(contentsOfFile: "\(state)/\(file)", encoding: .utf8)) ?? ""
                #expect(!text.contains(canary), "\(file)")
            }
        }
    }

    @Test func `pings tell the beginning and the end of a run, with its exit status`() async throws {
        let sink = try WebhookSink()
        let settings = ["ALERT_URL": "healthchecks.monitor+\(try sink.url)/uuid"]
        try await withPrivateService(settings) { service in
            #expect(try await service.monitor().status == 0)
            #expect(sink.take().map(\.path) == ["/uuid/start", "/uuid"])
            try await service.nginx.stop()
            #expect(try await service.monitor().status == 69)
            let deliveries = sink.take()
            #expect(deliveries.map(\.path) == ["/uuid/start", "/uuid/69"])
            #expect(deliveries.last?.body.contains("NGINX") == true, "\(deliveries)")
            try await service.withRunningMonitor { _ in }  // killed: its end is missing, which the receiver notices
        }
    }

    @Test func `Slack's text is escaped, and mail can't be led elsewhere`() async throws {
        let slack = try WebhookSink()
        let mail = try MailSink()
        let settings = [
            "ALERT_URL": "'slack+\(try slack.url) \(try mail.url)'", "ALERT_EMAIL_TO": "ops@example.org,b@example.org",
            "ALERT_EMAIL_FROM": "autoscale@example.org", "LANGUAGE": "es",
            "HEALTHCHECK_URL": "http://127.0.0.1:1/",
        ]
        try await withPrivateService(settings) { service in
            _ = try await service.monitor()
            let check = try await BuiltBinary("healthcheck").run(
                arguments: ["--config", service.configuration.string, "--check", "site"])
            #expect(check.status == 2, "\(check)")
            let text = try #require(try slack.take().first?.object["text"] as? String)
            #expect(text.hasPrefix("*\(service.name)@") && text.contains("\nCRÍTICO: site: "), "\(text)")
            let sent = try #require(mail.mails.first)
            #expect(sent.commands.contains { $0.hasPrefix("MAIL FROM:<autoscale@example.org>") })
            #expect(
                sent.commands.filter { $0.hasPrefix("RCPT TO:") } == [
                    "RCPT TO:<ops@example.org>", "RCPT TO:<b@example.org>",
                ])
            #expect(
                sent.text.contains("Subject: =?UTF-8?B?") && sent.text.contains("CRÍTICO: site: conexión rechazada"))
            let again = try await BuiltBinary("healthcheck").run(
                arguments: ["--config", service.configuration.string, "--check", "site"])
            #expect(again.status == 2 && mail.mails.count == 1, "once")
        }
    }

    @Test func `twenty commands that find the same at once tell it once`() async throws {
        let sink = try WebhookSink()
        let settings = ["ALERT_URL": try sink.url, "HEALTHCHECK_URL": "http://127.0.0.1:1/"]
        try await withPrivateService(settings) { service in
            let configuration = service.configuration.string
            try await withThrowingTaskGroup(of: Int32?.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await BuiltBinary("healthcheck").run(
                            arguments: ["--config", configuration, "--check", "site"], timeout: .seconds(60)
                        ).status
                    }
                }
                for try await status in group { #expect(status == 2) }
            }
            let deliveries = sink.take()
            #expect(try events(deliveries) == ["began site_down"], "\(deliveries)")
        }
    }

    @Test func `Alertmanager takes what is told, and resolves it`() async throws {
        try await withTemporaryFolder { folder in
            let port = try freePort()
            let configuration = folder.appending("alertmanager.yml")
            try "route:\n  receiver: none\nreceivers:\n- name: none\n".write(
                toFile: configuration.string, atomically: true, encoding: .utf8)
            let process = try RunningProcess(
                "/usr/bin/prometheus-alertmanager",
                arguments: [
                    "--config.file=\(configuration)", "--storage.path=\(folder)/data",
                    "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
                ], workingDirectory: folder)
            defer { process.end() }
            func alerts() throws -> [[String: Any]] {
                let answer = try CurlClient().send(
                    HTTPRequest(.get, "http://127.0.0.1:\(port)/api/v2/alerts", timeout: .seconds(5)))
                return try JSONSerialization.jsonObject(with: Data(answer.body)) as? [[String: Any]] ?? []
            }
            try await eventually("Alertmanager listens", within: .seconds(30)) {
                (try? CurlClient().send(
                    HTTPRequest(.get, "http://127.0.0.1:\(port)/-/ready", timeout: .seconds(5))))?.status == 200
            }
            let dead = "http://127.0.0.1:1/"
            let settings = ["ALERT_URL": "alertmanager+http://127.0.0.1:\(port)", "HEALTHCHECK_URL": dead]
            try await withPrivateService(settings) { service in
                func check() async throws -> ProcessOutput {
                    try await BuiltBinary("healthcheck").run(
                        arguments: ["--config", service.configuration.string, "--check", "site"])
                }
                let down = try await check()
                #expect(down.status == 2 && down.stderr.isEmpty, "\(down)")
                let labels = try #require(try alerts().first?["labels"] as? [String: String])
                #expect(labels["alertname"] == "autoscale_site_down")
                #expect(labels["service"] == service.name && labels["severity"] == "critical")

                try service.configure(settings.merging(["HEALTHCHECK_URL": service.nginx.site]) { $1 })
                _ = try await service.monitor()
                #expect(try await check().status == 0)
                try await eventually("it is resolved") { try alerts().isEmpty }
            }
        }
    }

    @Test func `healthcheck --test-alert tells every receiver, and says which one did not take it`() async throws {
        let good = try WebhookSink()
        let bad = try WebhookSink(status: 403)
        let mail = try MailSink()
        let settings = [
            "ALERT_URL": "'\(try good.url) slack+\(try bad.url) \(try mail.url) healthchecks.backup+\(try good.url)/u'",
            "ALERT_EMAIL_TO": "ops@example.org",
        ]
        try await withPrivateService(settings) { service in
            let test = try await BuiltBinary("healthcheck").run(
                arguments: ["--config", service.configuration.string, "--test-alert"])
            #expect(test.status == 2, "\(test)")
            #expect(test.stdout.contains("slack+\(try bad.url): HTTP 403\n"))
            #expect(test.stdout.split(separator: "\n").filter { $0.hasSuffix(": ok") }.count == 3, "\(test)")
            #expect(Set(good.take().map(\.path)) == ["/", "/u/log"] && mail.mails.count == 1)
        }
    }
}
