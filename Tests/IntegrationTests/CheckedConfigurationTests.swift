import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// `config check` is believed: whatever makes a run end with 77 or 78, or leave a part of its work out, is what it says
/// before, and what it is content with ends no run so.
@Suite(.sharedDatabase)
struct CheckedConfigurationTests {
    /// Partly done, not permitted, bad configuration.
    private static let refusals: Set<Int32> = [3, 77, 78]

    /// Something that somebody did to a service that was fine.
    private struct Slip: Sendable, CustomStringConvertible {
        let description: String
        var settings: [String: String] = [:]
        var environment: [String: String] = [:]
        var prepare: @Sendable (PrivateService) throws -> Void = { _ in }

        static func link(_ name: String) -> Slip {
            Slip(description: "\(name) is a link") { service in
                let place = service.stateFile.removingLastComponent().appending(name)
                try? FileManager.default.removeItem(atPath: place.string)
                try FileManager.default.createSymbolicLink(
                    atPath: place.string, withDestinationPath: service.folder.appending("elsewhere").string)
            }
        }

        static func writable(_ name: String) -> Slip {
            Slip(description: "\(name) is world-writable") { service in
                chmod(service.folder.appending(name).string, 0o777)
            }
        }

        static func foreign(_ file: String) -> Slip {
            Slip(description: "state/\(file) is another service's") { service in
                let text = #"{"version":1,"service":"somebody-else"}"#
                let place = service.stateFile.removingLastComponent().appending(file)
                try DurableFile.replace(place, with: Array(text.utf8))
            }
        }
    }

    private static let upload = ["BACKUP_UPLOAD_URL": "s3://bucket/prefix"]
    private static let slips = [
        Slip(description: "nothing"),
        Slip(description: "a store without credentials", settings: upload),
        Slip(
            description: "half of the credentials", settings: upload, environment: ["AWS_ACCESS_KEY_ID": "AK"]),
        Slip(
            description: "a file of credentials that is not there", settings: upload,
            environment: ["AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials"]),
        .link("autoscale.json"), .link("autoscale.json.lock"), .link("backup.lock"), .link("cleanup.lock"),
        .writable("state"), .writable("backups"), .writable("logs"), .foreign("autoscale.json"),
        .foreign("other.json"),
        Slip(description: "BACKEND_ENV_FILE is absent", settings: ["BACKEND_ENV_FILE": "absent.env"]),
    ]

    @Test func `what config check is content with is done by every command, and the other way round`() async throws {
        for slip in Self.slips {
            try await withPrivateService(slip.settings) { service in
                for name in ["state", "backups", "logs"] {
                    try DurableFile.makeFolder(service.folder.appending(name), mode: .ownerReadWriteExecute)
                }
                try slip.prepare(service)
                let check = try await service.run(["config", "check"], environment: slip.environment)
                var runs: [ProcessOutput] = []
                for (program, arguments) in [
                    ("autoscale", ["monitor"]), ("backup", ["run"]), ("cleanup", []),
                ] {
                    let run = try await BuiltBinary(program).run(
                        arguments: arguments + ["--config", service.configuration.string],
                        environment: RunningProcess.cronEnvironment.merging(slip.environment) { $1 },
                        workingDirectory: "/", timeout: .seconds(60))
                    runs.append(run)
                }
                let refused = runs.filter { Self.refusals.contains($0.status ?? -1) }
                #expect(
                    Self.refusals.contains(check.status ?? -1) == !refused.isEmpty, "\(slip): \(check), then \(refused)"
                )
                #expect(check.stdout.contains("no errors") == refused.isEmpty, "\(slip): \(check)")
                let isFine = slip.description == "nothing"
                #expect(refused.isEmpty == isFine, "\(slip) makes no difference: \(runs)")
                if isFine { #expect(runs.allSatisfy { $0.status == 0 }, "\(runs)") }
            }
        }
    }

    @Test func `what root left behind, and cron's user can't write, is said as that user`() async throws {
        for name in ["backups", "state/history", "logs", "state/backup.lock", "state/cleanup.lock"] {
            try await withPrivateService { service in
                try await service.giveToNobody()
                #expect(try await service.run(["monitor"], as: "nobody").status == 0)
                #expect(try await service.run(["config", "check"], as: "nobody").status == 0)
                let place = service.folder.appending(name)
                if name.hasSuffix(".lock") {
                    try DurableFile.replace(place, with: [])
                } else {
                    try DurableFile.makeFolder(place, mode: .ownerReadWriteExecute)
                }
                chown(place.string, 0, 0)
                let check = try await service.run(["config", "check"], as: "nobody")
                #expect(check.status == 77 && check.stderr.contains("\(place)"), "\(name): \(check)")
            }
        }
    }
}
