import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Why a new backend does not become ready: said in the log, the history and the alert.
@Suite(.sharedDatabase, .timeLimit(.minutes(3)))
struct HealthProbeTests {
    /// Answers 200 to one name, and a status to every other, as frameworks do that know their own names.
    private func application(_ folder: String, status: Int) throws -> String {
        let path = "\(folder)/application.py"
        try """
        import http.server, os, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments): pass
            def do_GET(self):
                known = self.headers.get('Host') == 'shop.example:8443'
                self.send_response(200 if known else \(status))
                self.send_header('Content-Length', '0')
                self.end_headers()
        print('listening with ' + os.environ.get('API_TOKEN', ''), flush=True)
        http.server.HTTPServer(('127.0.0.1', int(os.environ['PORT'])), Handler).serve_forever()

        """.write(toFile: path, atomically: true, encoding: .utf8)
        return "/usr/bin/python3 \(path)"
    }

    @Test(arguments: [400, 421, 500])
    func `the status of the health path is named, and HEALTH_HOST is what every probe asks for`(status: Int)
        async throws
    {
        let sink = try WebhookSink()
        try await withPrivateService { service in
            let command = try application(service.folder.string, status: status)
            try "API_TOKEN=canary7f3a\n".write(
                toFile: "\(service.folder)/app.env", atomically: true, encoding: .utf8)
            let settings = [
                "BACKEND_COMMAND": command, "BACKEND_ENV_FILE": "app.env", "READY_WAIT": "2", "STARTUP_TIMEOUT": "0",
                "ALERT_URL": try sink.url,
            ]
            try service.configure(settings)
            let first = try await service.monitor()
            #expect(first.stdout.contains("is not ready after 2 s (HTTP \(status))"), "\(first)")
            let second = try await service.monitor()
            #expect(second.stdout.contains("removed (its health path: HTTP \(status))"), "\(second)")
            #expect(second.stdout.contains("the end of its log: listening with …"), "\(second)")
            let told = sink.take().map(\.body).joined()
            #expect(told.contains("HTTP \(status)") && told.contains("listening with …"), "\(told)")
            #expect(!"\(first)\(second)\(told)".contains("canary7f3a"))

            try service.configure(settings.merging(["HEALTH_HOST": "shop.example:8443"]) { $1 })
            let good = try await service.monitor()
            #expect(good.stdout.contains("NGINX confirms"), "\(good)")
            let check = try await BuiltBinary("healthcheck").run(
                arguments: ["--config", service.configuration.string, "--check", "backends"])
            #expect(check.status == 0, "\(check)")
        }
    }
}

/// The same for containers, whose log goes with them.
@Suite(.privateDocker, .sharedDatabase, .timeLimit(.minutes(3)))
struct EndedContainerTests {
    @Test func `a container that ends before it is ready leaves its exit status and its last words`() async throws {
        let docker = try #require(PrivateDocker.current)
        let sink = try WebhookSink()
        try await withPrivateService(["ALERT_URL": try sink.url], on: .docker(docker)) { service in
            let script =
                "for i in 1 2 3 4 5 6 7 8 20; do echo line $i; done >&2; echo REDIS_URL redis://app:canary7f3a@db/0 is wrong >&2; "
                + "sleep 3; exit 41"
            let talker = try await docker.docker("create", TestImage.ready.name)
            try await docker.docker(
                "commit", "--change", "CMD [\"/bin/sh\",\"-c\",\"\(script)\"]", talker, "autoscale-test:talker")
            try await docker.docker("rm", talker)
            try service.configure(["ALERT_URL": try sink.url, "BACKEND_IMAGE": "autoscale-test:talker"])
            let run = try await service.monitor()
            let told = sink.take().map(\.body).joined()
            for text in [run.stdout, told] {
                #expect(text.contains("it ended before it was ready (exit status 41; the end of its log: "), "\(text)")
                #expect(text.contains("line 20") && !text.contains("line 2 "), "\(text)")
                #expect(text.contains("redis:") && !text.contains("canary7f3a"), "\(text)")
            }
        }
    }
}
