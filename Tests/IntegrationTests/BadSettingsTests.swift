import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Settings that can't be used: said by `config check` before a run says so, told to the receivers, and no obstacle to
/// looking.
@Suite(.sharedDatabase)
struct BadSettingsTests {
    @Test func `what monitor refuses with 77 or 78 is what config check says, too`() async throws {
        let faults: [[UInt8]] = [
            Array("A\n".utf8), Array("A='x\n".utf8), Array("=x".utf8), Array("A B=1".utf8), Array("A=1\nA=2".utf8),
            [0xFF, 0xFE, 0x41, 0x00], [0x41, 0x3D, 0xE9, 0x0A], Array("A=\"1\n2\"".utf8),
        ]
        let fine: [[UInt8]] = [
            Array("export A=1\n".utf8), [0xEF, 0xBB, 0xBF] + Array("A=#s\r\n".utf8), Array("spring.x.y=1".utf8), [],
        ]
        try await withPrivateService(["BACKEND_ENV_FILE": "app.env"]) { service in
            let environment = service.folder.appending("app.env")
            for (bytes, isFault) in faults.map({ ($0, true) }) + fine.map({ ($0, false) }) {
                try DurableFile.replace(environment, with: bytes)
                let check = try await service.run(["config", "check"])
                let run = try await service.monitor("--dry-run")
                #expect(run.status == (isFault ? 78 : 0), "\(bytes): \(run)")
                #expect(check.status == run.status, "\(bytes): \(check)")
                #expect(check.stdout.contains("no errors") == !isFault)
                if isFault { #expect(check.stderr.contains("\(environment)"), "\(check)") }
            }
            try DurableFile.remove(environment)
            #expect(try await service.monitor().status == 78)
            #expect(try await service.run(["config", "check"]).status == 78)

            try DurableFile.replace(environment, with: [], mode: [.ownerReadWrite, .otherReadWrite])
            #expect(try await service.monitor().status == 77)
            #expect(try await service.run(["config", "check"]).status == 77)
            try DurableFile.replace(environment, with: [])
            let state = service.stateFile.removingLastComponent()
            _ = try await service.monitor()
            chmod(state.string, 0o777)
            #expect(try await service.monitor().status == 77)
            #expect(try await service.run(["config", "check"]).status == 77)
        }
    }

    @Test func `looking needs no environment of the backends, and root may look at nobody's installation`() async throws
    {
        try await withPrivateService(["BACKEND_ENV_FILE": "app.env"]) { service in
            let environment = service.folder.appending("app.env")
            try DurableFile.replace(environment, with: Array("A=1\n".utf8))
            try await service.giveToNobody()
            #expect(try await service.run(["monitor"], as: "nobody").status == 0)
            for command in [["status"], ["why"], ["config", "show"], ["config", "check"], ["monitor"]] {
                let run = try await service.run(command)
                #expect(run.status == 0, "\(command): \(run)")
            }
            #expect(FolderSnapshot(of: service.folder).names(notOf: PrivateService.nobody).isEmpty)
            #expect(
                try service.backends().allSatisfy { ProcessTable.user(of: $0.identity.pid) == PrivateService.nobody })

            chown(environment.string, 0, 0)
            let status = try await service.run(["status"], as: "nobody")
            #expect(status.status == 0 && status.stdout.contains("Active backends: 1"), "\(status)")
            let check = try await service.run(["config", "check"], as: "nobody")
            #expect(check.status == 77, "\(check)")
            #expect(check.stderr.contains("\(environment): not readable by nobody"), "\(check)")
            #expect(check.stderr.contains("belongs to root:root, mode 0600"), "\(check)")
            #expect(try await service.run(["monitor"], as: "nobody").status == 77)
        }
    }

    @Test func `commands in somebody else's file are never root's`() async throws {
        try await withPrivateService { service in
            let proof = service.folder.appending("proof")
            try service.configure(["NGINX_RELOAD_COMMAND": "touch \(proof)"])
            chown(service.configuration.string, PrivateService.nobody, PrivateService.nobody)
            let refused = try await service.monitor()
            #expect(refused.status == 77, "\(refused)")
            #expect(!FileManager.default.fileExists(atPath: proof.string))
            try await service.giveToNobody()
            _ = try await service.monitor()
            let owner = try? FileOwnership(of: proof)
            #expect(owner == nil || owner?.uid == PrivateService.nobody)
        }
    }

    @Test func `a slip in the file has a time, is told once, and is over when it is put right`() async throws {
        let sink = try WebhookSink()
        func events() throws -> [String] {
            try sink.take().flatMap { delivery in
                let alerts = try #require(try delivery.object["alerts"] as? [[String: Any]])
                return alerts.map { "\($0["phase"] ?? "") \($0["event"] ?? "")" }
            }
        }
        let good = ["ALERT_URL": try sink.url, "DB_PASSWORD": "canary-of-this-test"]
        try await withPrivateService(good) { service in
            #expect(try await service.monitor().status == 0)
            let copy = service.stateFile.removingLastComponent().appending("autoscale.conf.last-good")
            let kept = try String(contentsOfFile: copy.string, encoding: .utf8)
            #expect(kept.contains(try sink.url) && !kept.contains("canary"))
            #expect(try FileOwnership(of: copy)?.mode == .ownerReadWrite)

            try service.configure(good.merging(["MAX_BACKENDS": "ten"]) { $1 })
            let bad = try await service.monitor()
            #expect(bad.status == 78)
            let time = /\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] .*: MAX_BACKENDS: 'ten', allowed: .*\n/
            #expect(bad.stderr.wholeMatch(of: time) != nil, "\(bad)")
            #expect(try events() == ["began configuration_bad"])
            _ = try await service.monitor()
            let health = try await BuiltBinary("healthcheck").run(
                arguments: ["--config", service.configuration.string])
            #expect(health.status == 3 && health.stdout.contains("MAX_BACKENDS: 'ten'"), "\(health)")
            for program in ["backup", "cleanup"] {
                let run = try await BuiltBinary(program).run(arguments: ["--config", service.configuration.string])
                #expect(run.status == 78)
            }
            #expect(try events().isEmpty, "it is told already, whichever command finds it")

            try service.configure(good)
            #expect(try await service.monitor().status == 0)
            #expect(try events() == ["over configuration_bad"])
        }
    }
}
