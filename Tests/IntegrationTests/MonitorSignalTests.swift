import Fleet
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What a run leaves behind that is told to end.
@Suite(.sharedDatabase)
struct MonitorSignalTests {
    @Test func `SIGTERM during the wait for readiness ends the run, and the next one goes on`() async throws {
        try await withPrivateService { service in
            let gate = service.folder.appending("gate").string
            let script = "until [ -e \(gate) ]; do sleep 0.05; done; exec \(BuiltBinary("sample-backend").path)"
            try service.configure(["BACKEND_COMMAND": "sh -c '\(script)'"])
            for count in 1...2 {
                if count == 2 { try service.load(150) }
                let ended = try await service.withRunningMonitor { run in
                    try await eventually("the backend is started") { try service.backends().count == count }
                    try await eventually("its start is confirmed") { run.stdout.contains("Creating new backend") }
                    run.send(SIGTERM)
                    return try await run.output()
                }
                #expect(ended.status == 143, "\(ended)")
                #expect(ended.stdout.contains("Warning: Ended by a signal; the next run goes on\n"), "\(ended.stdout)")
                #expect(!ended.stdout.contains("is not ready after"), "it was not waited for")
                guard case .state = try StateFile(service.stateFile).load(for: service.name) else {
                    Issue.record("the state is readable")
                    continue
                }
                try service.load(50)
                #expect(FileManager.default.createFile(atPath: gate, contents: nil))
                let next = try await service.monitor()
                #expect(next.status == 0)
                try await eventually("it is published") {
                    _ = try await service.monitor()
                    return try service.served()?.count == count
                }
                #expect(try service.backends().count == count, "taken up, not started again")
                try FileManager.default.removeItem(atPath: gate)
            }
        }
    }

    @Test func `SIGTERM before NGINX has confirmed takes the file back, and the next run publishes`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            let before = FileManager.default.contents(atPath: service.nginx.upstreamFile.string)
            let served = try service.served()
            try service.configure(["NGINX_RELOAD_COMMAND": "true"])
            try service.load(150)
            let ended = try await service.withRunningMonitor { run in
                try await eventually("the new set is written") {
                    FileManager.default.contents(atPath: service.nginx.upstreamFile.string) != before
                }
                run.send(SIGTERM)
                return try await run.output()
            }
            #expect(ended.status == 143, "\(ended)")
            #expect(ended.stdout.contains("Warning: Ended by a signal; the next run goes on\n"))
            #expect(FileManager.default.contents(atPath: service.nginx.upstreamFile.string) == before)
            #expect(try service.served() == served)

            try service.configure([:])
            let next = try await service.monitor()
            #expect(next.status == 0)
            #expect(next.stdout.contains("State: NORMAL\n"), "a repair: \(next.stdout)")
            #expect(try service.served()?.count == 2)
            #expect(try service.backends().count == 2)
        }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `A9: a run that was told to end before it has woken NGINX reloads nothing`(signal: Int32) async throws {
        try await withPrivateService { service in
            try await service.nginx.stop()
            let mark = service.folder.appending("reloaded").string
            try service.configure(["NGINX_RELOAD_COMMAND": "touch \(mark)"])
            // The first connection of a run is its question to NGINX.
            let run = try await SignalledRun(
                of: service, signal: signal, at: "connect", 1, trace: service.folder.appending("trace"))
            #expect(run.status == 128 + signal, "\(run)")
            #expect(run.said.contains("Warning: Ended by a signal; the next run goes on\n"), "\(run)")
            #expect(!FileManager.default.fileExists(atPath: mark))
            #expect(try service.backends().isEmpty)
        }
    }
}
