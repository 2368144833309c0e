import Connections
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Goal 5: a run ends within 55 s, whatever hangs.
struct HangingEverythingTests {
    /// A database and a backend that say nothing, a new backend that accepts and never answers, an NGINX that takes a
    /// reload and does nothing, and a second reload that can't even be ended: each takes all the time that it can get.
    @Test func `with everything hanging at once the run is over within 55 s, and the next good one repairs all`()
        async throws
    {
        let isFull = TortureEffort.current == .full
        let patience = isFull ? "30" : "2"
        let settings = ["MIN_BACKENDS": "3", "READY_WAIT": patience, "HEALTH_TIMEOUT": patience]
        try await withPrivateService(settings) { service in
            try await service.grow(to: 3)
            let backends = try service.backends()
            let upstream = FileManager.default.contents(atPath: service.nginx.upstreamFile.string)
            try ProcessTable.kill(backends[0].identity)
            try ProcessTable.send(SIGSTOP, to: backends[1].identity)
            defer { _ = try? ProcessTable.send(SIGCONT, to: backends[1].identity) }
            try service.database.signalAll(SIGSTOP)
            defer { try? service.database.signalAll(SIGCONT) }
            let deaf =
                "\(BuiltBinary("sample-backend").path) --unhealthy-when / & "
                + "until busybox wget -q -O - http://127.0.0.1:$PORT/; do :; done; kill -STOP $!; wait"
            let mark = service.folder.appending("reloaded").string
            let hanging = "[ -e \(mark) ] && trap \"\" TERM && while :; do sleep 1; done"
            try service.configure(
                settings.merging([
                    "BACKEND_COMMAND": "sh -c '\(deaf)'",
                    "NGINX_RELOAD_COMMAND": "sh -c '\(hanging); touch \(mark); sleep \(isFull ? 9 : 1)'",
                ]) { $1 })
            let begin = ContinuousClock.now
            let run = try await service.monitor()
            let lasted = begin.duration(to: .now)
            print("everything hangs: \((lasted / .milliseconds(100)).rounded() / 10) s")
            #expect(lasted < .seconds(55))
            #expect(run.status == 1, "\(run)")
            #expect(run.stdout.contains(" is not ready after "), "\(run.stdout)")
            #expect(run.stdout.contains("Error: NGINX took the reload and does not serve generation"), "\(run.stdout)")
            #expect(FileManager.default.contents(atPath: service.nginx.upstreamFile.string) == upstream)

            try service.database.signalAll(SIGCONT)
            try ProcessTable.send(SIGCONT, to: backends[1].identity)
            for process in try processesWorking(in: service.folder)
            where !backends.map(\.identity).contains(process.identity) {
                try ProcessTable.kill(process.identity)
            }
            try service.configure(settings)
            try service.load(50)
            #expect(try await service.monitor().status == 0)
            #expect(try service.served()?.count == 3)
            #expect(try service.backends().count == 3)
            #expect(service.ask(times: 6) == Array(repeating: 200, count: 6))
        }
    }

    /// Who waits for all three in turn would wait longer than for any one of them.
    @Test
    func `with the daemon, the database and NGINX stopped at once every run is over within 10 s, until all go on`()
        async throws
    {
        try await withPrivateDocker { docker in
            try await withPrivateService(on: .docker(docker)) { service in
                try await service.grow(to: 2)
                let containers = try service.containers().map(\.id)
                let served = try service.served()
                let published = FolderSnapshot(of: service.nginx.upstreamFile)
                let nginx = try processesWorking(in: service.nginx.folder)
                func signalNGINX(_ signal: Int32) throws {
                    for process in nginx { try ProcessTable.send(signal, to: process.identity) }
                }
                func expectHold(_ status: Int32, _ words: String) async throws {
                    let begin = ContinuousClock.now
                    let run = try await service.monitor()
                    let lasted = begin.duration(to: .now)
                    print("stopped, \(words): \((lasted / .milliseconds(100)).rounded() / 10) s")
                    #expect(lasted < .seconds(10), "\(words)")
                    #expect(run.status == status, "\(run)")
                    #expect(run.stdout.contains(words), "\(run.stdout)")
                    #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)
                }
                try service.load(150)
                try docker.signal(SIGSTOP)
                defer { try? docker.signal(SIGCONT) }
                try service.database.signalAll(SIGSTOP)
                defer { try? service.database.signalAll(SIGCONT) }
                try signalNGINX(SIGSTOP)
                defer { try? signalNGINX(SIGCONT) }
                try await expectHold(69, "no answer within 2.0 s")
                try docker.signal(SIGCONT)
                try await expectHold(69, "Error: nginx is not running, or can't be reloaded")
                try signalNGINX(SIGCONT)
                try await expectHold(0, "Warning: Connections: no answer within 3")
                try service.database.signalAll(SIGCONT)
                #expect(try service.containers().map(\.id) == containers)
                #expect(try service.served() == served)
                let good = try await service.monitor()
                #expect(good.status == 0)
                #expect(good.stdout.contains("State: SCALING UP\n"), "\(good.stdout)")
                #expect(try service.served()?.count == 3)
                #expect(service.ask("/health", times: 6) == Array(repeating: 200, count: 6))
            }
        }
    }
}
