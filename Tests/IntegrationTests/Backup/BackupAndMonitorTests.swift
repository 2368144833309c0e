import Decisions
import Fleet
import Foundation
import Host
import Reporting
import SystemPackage
import TestSupport
import Testing

/// What `monitor` makes of a backup under way: it looks at the lock, and waits for nobody.
@Suite(.sharedDatabase)
struct BackupAndMonitorTests {
    /// A CPU reading is always above 0 % on a machine that runs this.
    private static let busy = ["METRICS": "cpu", "CPU_MIN": "0", "CPU_MAX": "1"]

    @Test(arguments: [true, false])
    func `a high CPU reading while the lock is held is no reason for a step, unless it shall be`(
        ignores: Bool
    ) async throws {
        try await withPrivateService(
            Self.busy.merging(["BACKUP_IGNORE_CPU": ignores ? "true" : "false"]) { $1 }
        ) { service in
            #expect(try await service.monitor().status == 0)
            let lock = try RunLock(service.folder.appending("state").appending("backup.lock"))
            let load = try RunningProcess("/bin/sh", arguments: ["-c", "while :; do :; done"])
            defer { load.end() }
            try await eventually("the CPU is busy", within: .seconds(20)) {
                let run = try await service.monitor("--json", "--dry-run")
                let record = try JSONDecoder().decode(RunRecord.self, from: Data(run.stdout.utf8))
                return (record.reading(.cpu)?.value ?? 0) > 1
            }
            let run = try await service.monitor()
            #expect(
                run.status == 0 && run.stdout.contains("A backup is running; the CPU reading includes its load"),
                "\(run)")
            let record = try #require(try service.history.last())
            #expect(record.events.contains { $0.code == "backup_under_way" })
            #expect(record.decision.reason.code == (ignores ? "backup_under_way" : "above_maximum"), "\(run)")
            withExtendedLifetime(lock) {}
        }
    }

    private func keepLooking(at lock: FilePath) -> Task<Void, any Error> {
        Task {
            while !Task.isCancelled {
                _ = RunLock.isHeld(lock)
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    @Test func `a backup is not kept from starting by monitors that look`() async throws {
        try await withPrivateBackups { backups in
            let first = try await backups.run()
            #expect(first.status == 0)
            let looking = keepLooking(at: backups.lock)
            defer { looking.cancel() }
            for _ in 0..<3 {
                let run = try await backups.run("prune")
                #expect(run.status == 0, "\(run)")
            }
        }
    }
}
