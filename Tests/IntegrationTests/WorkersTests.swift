import Foundation
import Glibc
import Host
import SystemPackage
import TestSupport
import Testing

/// Queue workers as plain processes: nobody sends them requests, so there is nobody to publish them to.
@Suite(.sharedDatabase, .timeLimit(.minutes(5)))
struct WorkersTests {
    @Test func `workers are started, counted, scaled on what there is to do, and stopped, without NGINX`() async throws
    {
        try await withPrivateWorkers(["DRAIN_SECONDS": "30"]) { workers in
            let first = try await workers.monitor()
            #expect(first.status == 0, "\(first)")
            #expect(first.stdout.contains("Active backends: 1\n"))
            #expect(!first.stdout.contains("NGINX"))
            try workers.load(1000)
            for count in 2...3 {
                let up = try await workers.monitor()
                #expect(up.status == 0)
                #expect(up.stdout.contains("Backend created successfully\n"))
                #expect(up.stdout.contains("Active backends: \(count)\n"))
                #expect(try workers.processes().count == count)
            }
            try workers.load(50)
            let quiet = try await workers.monitor("--json")
            #expect(quiet.stdout.contains(#""activeBackends" : 3"#), "\(quiet.stdout)")
            try workers.load(1)
            for count in [2, 1] {
                let down = try await workers.monitor()
                #expect(down.status == 0)
                #expect(down.stdout.contains("Stopping backend: "), "in the run that decides it: \(down.stdout)")
                #expect(down.stdout.contains("Active backends: \(count)\n"))
                #expect(!down.stdout.contains("Draining"))
                #expect(try workers.processes().count == count)
            }
            #expect(workers.ended().count == 2, "each was asked to end, and had the time to")
            #expect(workers.ended().allSatisfy { $0.hasSuffix("no port") })
            let atMinimum = try await workers.monitor()
            #expect(atMinimum.status == 0)
            #expect(try workers.processes().count == 1)
            #expect(!workers.touchesNGINX, "\(FolderSnapshot(of: workers.folder).names)")
        }
    }

    @Test func `a worker that died is replaced, and one that hangs is killed when STOP_TIMEOUT is over`() async throws {
        try await withPrivateWorkers(["MIN_BACKENDS": "2", "STOP_TIMEOUT": "1"]) { workers in
            #expect(try await workers.monitor().status == 0)
            let before = try workers.processes()
            #expect(before.count == 2)
            try ProcessTable.kill(before[0].identity)
            let repair = try await workers.monitor()
            #expect(repair.status == 0)
            #expect(repair.stdout.contains("Backend lost: "))
            #expect(try workers.processes().count == 2)
            try workers.write("trap '' TERM; while :; do sleep 0.1; done")
            try workers.load(1000)
            #expect(try await workers.monitor().stdout.contains("Active backends: 3\n"))
            try workers.load(1)
            let down = try await workers.monitor()
            #expect(down.status == 0)
            #expect(try workers.processes().count == 2)
            #expect(workers.ended() == [], "it did not hear the question")
        }
    }

    @Test func `one that ends at once is a start that failed, with what it said last`() async throws {
        try await withPrivateWorkers { workers in
            try workers.write("sleep 0.8; echo 'no queue there' >&2; exit 1")
            let run = try await workers.monitor()
            #expect(run.status == 1)
            #expect(run.stdout.contains("it ended before it was ready"))
            #expect(run.stdout.contains("no queue there"))
            #expect(try workers.processes() == [])
            try workers.write("while :; do sleep 0.1; done")
            #expect(try await workers.monitor().status == 0, "below the minimum nothing waits")
            #expect(try workers.processes().count == 1)
        }
    }

    @Test func `a run that was killed after it chose a worker is gone on with by the next`() async throws {
        try await withPrivateWorkers { workers in
            try workers.write("trap 'sleep 5; exit 0' TERM; while :; do sleep 0.1; done")
            try workers.load(1000)
            for _ in 1...2 { #expect(try await workers.monitor().status == 0) }
            #expect(try workers.processes().count == 2)
            try workers.load(1)
            try await workers.withRunning("monitor") { run in
                try await eventually("it says whom it stops") { run.stdout.contains("Stopping backend") }
            }
            #expect(try workers.processes().count == 2, "it takes its work to its end")
            try workers.load(50)
            let next = try await workers.monitor()
            #expect(next.status == 0, "\(next)")
            #expect(try workers.processes().count == 1)
            #expect(try await workers.monitor().stdout.contains("State: NORMAL\n"))
            #expect(try workers.processes().count == 1)
        }
    }

    @Test func `every command says that nothing is published, and none of them asks NGINX`() async throws {
        try await withPrivateWorkers { workers in
            let plan = try await workers.monitor("--dry-run")
            #expect(plan.status == 0)
            #expect(plan.stdout.contains("start \(workers.name)_backend_"))
            #expect(!plan.stdout.contains("NGINX"), "\(plan.stdout)")
            #expect(try await workers.monitor().status == 0)
            let check = try await workers.run("config", "check")
            #expect(check.status == 0, "\(check)")
            #expect(check.stderr.contains("PUBLISHER=none: nobody is told which backends are ready"))
            #expect(check.stderr.contains("NGINX_STATUS_LISTEN"), "what is set and means nothing is named")
            let status = try await workers.run("status")
            #expect(status.status == 0, "\(status)")
            #expect(status.stdout.contains("Active backends: 1\n"))
            #expect(status.stdout.contains("Nothing is published to NGINX (PUBLISHER=none)\n"))
            #expect(status.stdout.contains("ready"))
            let health = try await BuiltBinary("healthcheck").run(
                arguments: [
                    "--config", workers.configuration.string, "--check", "backends", "--check", "upstream", "--check",
                    "workers",
                ])
            #expect(health.status == 0, "\(health)")
            #expect(health.stdout.contains("PUBLISHER=none"))
            #expect(!workers.touchesNGINX)
        }
    }
}
