import Foundation
import TestSupport
import Testing

/// What `status` says of the numbers that are judged, after real runs.
@Suite(.sharedDatabase, .timeLimit(.minutes(2)))
struct StatusTests {
    @Test(arguments: [(90, 1, 90), (17, 2, 8), (5, 1, 5)])
    func `the share of one backend stands beside its limits`(sessions: Int, backends: Int, share: Int) async throws {
        try await withPrivateService([
            "MIN_BACKENDS": "\(backends)", "CONNECTIONS_SCOPE": "per_backend", "CONNECTIONS_MIN": "3",
            "CONNECTIONS_MAX": "95",
        ]) { service in
            _ = try await service.monitor()
            try service.load(sessions)
            _ = try await service.monitor()
            let status = try await service.run(["status"]).stdout
            let named = backends == 1 ? "1 backend" : "\(backends) backends"
            #expect(
                status.contains(
                    "\n\nCPU: not in METRICS, so it is not judged\nMemory: not in METRICS, so it is not judged\n"
                        + "Connections: \(sessions) in all on \(named) = \(share) per backend, limits 3 … 95\n"),
                "\(status)")
            #expect(status.contains("\nMemory: n/a\nActive connections: \(sessions)\nLast updated: "), "\(status)")
        }
    }

    @Test(arguments: ["en", "es"])
    func `an idle service at its minimum is called that, and nothing is held back`(language: String) async throws {
        try await withPrivateService(["LANGUAGE": language, "SCALE_DOWN_COOLDOWN": "600", "DOWN_SAMPLES": "3"]) {
            service in
            try service.load(1)
            _ = try await service.monitor()
            _ = try await service.monitor()
            for command in ["status", "why"] {
                let said = try await service.run([command]).stdout
                #expect(
                    said.contains(
                        language == "en"
                            ? "\nAt the minimum: MIN_BACKENDS (1) reached"
                            : "\nEn el mínimo: se alcanzó MIN_BACKENDS (1)"),
                    "\(said)")
                #expect(!said.contains("Held back") && !said.contains("Impedido"), "\(said)")
            }
        }
    }

    @Test func `a dry run tells that NGINX is not there`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            #expect(try await !service.run(["monitor", "--dry-run"]).stdout.contains("NGINX shows"))
            try await service.nginx.stop()
            let plan = try await service.run(["monitor", "--dry-run"])
            #expect(
                plan.stdout.contains(
                    "\nNGINX shows nothing: connection refused.\nThat is so before the first run; else look whether NGINX runs."
                ), "\(plan)")
        }
    }
}
