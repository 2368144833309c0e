import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Connections
@testable import Fleet
@testable import Host
@testable import Reporting

/// The whole line on real parts: the built binary in cron's environment, NGINX, PostgreSQL, processes.
@Suite(.sharedDatabase)
struct MonitorTests {
    @Test func `the first run fills the fleet, publishes it, and keeps the file it found`() async throws {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            let found = try String(contentsOfFile: service.nginx.upstreamFile.string, encoding: .utf8)
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run)")
            #expect(try service.backends().count == 2)
            #expect(try service.served()?.count == 2)
            #expect(service.ask(times: 10) == Array(repeating: 200, count: 10))
            #expect(run.stdout.contains("These servers leave the upstream: 127.0.0.1:9\n"))
            let copy = service.stateFile.removingLastComponent().appending("upstream.conf.before-autoscale")
            #expect(try String(contentsOfFile: copy.string, encoding: .utf8) == found)
        }
    }

    @Test func `a steady run says three lines, writes its state and one line of history, and leaves NGINX alone`()
        async throws
    {
        try await withPrivateService { service in
            _ = try await service.monitor()
            let master = service.nginx.master
            let file = try FileManager.default.attributesOfItem(atPath: service.nginx.upstreamFile.string)
            try await eventually("the master and its new workers are all that is left") {
                try self.workers(of: service.nginx).count == 3
            }
            let workers = try workers(of: service.nginx)
            let run = try await service.monitor()
            let stamp = #"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]"#
            let format = try Regex(
                "\(stamp) Monitoring started\n\(stamp) CPU: n/a, Memory: n/a, Connections: 50\n\(stamp) State: NORMAL\n"
            )
            #expect(run.stdout.wholeMatch(of: format) != nil, "\(run.stdout)")
            #expect(run.stderr.isEmpty)
            let after = try FileManager.default.attributesOfItem(atPath: service.nginx.upstreamFile.string)
            #expect(file[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
            #expect(service.nginx.master == master)
            #expect(try self.workers(of: service.nginx) == workers, "no reload")
            #expect(try lines(service.history).count == 2)
        }
    }

    @Test func `a busy run says it in Spanish to the letter`() async throws {
        try await withPrivateService([
            "LANGUAGE": "es", "METRICS": "cpu,memory,connections", "CPU_MAX": "100", "MEMORY_MAX": "100",
        ]) { service in
            _ = try await service.monitor()
            try service.load(150)
            let run = try await service.monitor()
            let stamp = #"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]"#
            let format = try Regex(
                """
                \(stamp) Monitoreo iniciado
                \(stamp) CPU: \\d+%, Memoria: \\d+%, Conexiones: 150
                \(stamp) Estado: ESCALANDO ARRIBA
                \(stamp) Motivo: Conexiones 150 > 100
                \(stamp) Creando nuevo backend: app_backend_\\d+
                \(stamp) NGINX lo confirma; servidores en el upstream: 2
                \(stamp) Backend creado exitosamente
                \(stamp) Backends activos: 2

                """.replacingOccurrences(of: "app_backend", with: "\(service.name)_backend"))
            #expect(run.stdout.wholeMatch(of: format) != nil, "\(run.stdout)")
            let status = try await service.run(["status"])
            #expect(
                status.stdout.hasPrefix("=== Estado del Autoescalado ===\nBackends activos: 2\nCPU: "),
                "\(status.stdout)")
            #expect(status.stdout.contains("\nConexiones activas: 150\nÚltima actualización: 20"))
        }
    }

    @Test func `load takes the fleet up to the maximum, one step a run`() async throws {
        try await withPrivateService(["MAX_BACKENDS": "3"]) { service in
            _ = try await service.monitor()
            try service.load(150)
            var counts: [Int?] = []
            for _ in 1...4 {
                #expect(try await service.monitor().status == 0)
                counts.append(try service.served()?.count)
            }
            #expect(counts == [2, 3, 3, 3])
            let why = try await service.run(["why"])
            #expect(why.stdout.contains("Held back: MAX_BACKENDS (3) reached"), "\(why.stdout)")
        }
    }

    @Test func `a cooldown holds the second step, and says how long`() async throws {
        try await withPrivateService(["SCALE_UP_COOLDOWN": "600"]) { service in
            _ = try await service.monitor()
            try service.load(150)
            let begin = ContinuousClock.now
            #expect(try await service.monitor().stdout.contains("State: SCALING UP"))
            let held = try await service.monitor()
            #expect(held.stdout.contains("State: NORMAL"))
            let left = try #/cooldown after the step up, ([0-9]+) s left/#.firstMatch(in: held.stdout)?.output.1
            let passed = Int((begin.duration(to: .now) / .seconds(1)).rounded(.up))
            #expect(try (594 - passed...595).contains(#require(left.flatMap { Int($0) })), "\(held)")
            #expect(try service.served()?.count == 2)
        }
    }

    @Test func `a step down leaves NGINX first and is stopped by a later run`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            try service.load(1)
            let down = try await service.monitor()
            #expect(down.stdout.contains("State: SCALING DOWN"))
            #expect(try service.served()?.count == 1)
            #expect(try service.backends().count == 2, "it still finishes its requests")
            let stop = try await service.monitor()
            #expect(stop.stdout.contains("Stopping backend: "), "\(stop.stdout)")
            #expect(try service.backends().count == 1)
            #expect(try await service.monitor().stdout.contains("State: NORMAL\n"), "the minimum holds")
            #expect(try service.backends().count == 1)
        }
    }

    @Test func `a request that is under way keeps its backend until it is answered`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            try service.load(1)
            async let answers = slowRequests(service, seconds: 8, count: 4)
            try await eventually("requests are under way") { try openConnections(service) >= 4 }
            _ = try await service.monitor()
            let busy = try await service.monitor()
            #expect(busy.stdout.contains("drain time is over; waiting for"), "\(busy.stdout)")
            #expect(try service.backends().count == 2)
            #expect(await answers == [200, 200, 200, 200])
            try await eventually("the idle one is stopped") {
                _ = try await service.monitor()
                return try service.backends().count == 1
            }
        }
    }

    @Test func `a step up while one drains takes it back`() async throws {
        try await withPrivateService(["DRAIN_SECONDS": "60"]) { service in
            try await service.grow(to: 2)
            let before = try service.backends()
            try service.load(1)
            _ = try await service.monitor()
            #expect(try service.served()?.count == 1)
            try service.load(150)
            let back = try await service.monitor()
            #expect(back.stdout.contains("Draining backend taken back: "))
            #expect(try service.served()?.count == 2)
            #expect(try service.backends() == before)
        }
    }

    @Test func `a killed backend is out of NGINX and replaced in one run`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 3)
            let before = try #require(try service.served())
            let victim = try #require(try service.backends().first)
            try ProcessTable.kill(victim.identity)
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run.stdout)")
            #expect(run.stdout.contains("Backend lost: "))
            #expect(try service.backends().count == 3)
            #expect(try !service.backends().contains(victim))
            #expect(try service.served()?.count == 3)
            #expect(
                try service.served()?.subtracting(before).count == 1,
                "NGINX still sent requests to the old address: the new one would have got them before it was ready")
            #expect(service.ask(times: 9) == Array(repeating: 200, count: 9))
        }
    }

    @Test func `with every backend killed the next run serves again`() async throws {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            _ = try await service.monitor()
            for backend in try service.backends() { try ProcessTable.kill(backend.identity) }
            _ = try await service.monitor()
            #expect(try service.backends().count == 2)
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
        }
    }

    @Test func `when all backends turn unready at once none is removed and NGINX keeps its set`() async throws {
        try await withTemporaryFolder { marks in
            let mark = marks.appending("sick").string
            let command = "\(BuiltBinary("sample-backend").path) --unhealthy-when \(mark)"
            try await withPrivateService(["BACKEND_COMMAND": command, "HEALTH_RETRIES": "1"]) { service in
                try await service.grow(to: 3)
                let before = try service.backends()
                let served = try service.served()
                #expect(FileManager.default.createFile(atPath: mark, contents: nil))
                for _ in 1...3 {
                    let run = try await service.monitor()
                    #expect(run.stdout.contains("All 3 backends stopped being ready"), "\(run.stdout)")
                }
                #expect(try service.backends() == before)
                #expect(try service.served() == served)
                try FileManager.default.removeItem(atPath: mark)
                _ = try await service.monitor()
                #expect(try service.backends() == before)
            }
        }
    }

    @Test func `a backend that never gets ready takes no requests, is removed, and steps back off`() async throws {
        try await withPrivateService(["READY_WAIT": "0", "STARTUP_TIMEOUT": "1"]) { service in
            try await eventually("the first one is ready") {
                _ = try await service.monitor()
                return try service.served()?.count == 1
            }
            try service.configure([
                "READY_WAIT": "0", "STARTUP_TIMEOUT": "1",
                "BACKEND_COMMAND": "\(BuiltBinary("sample-backend").path) --startup-delay 600",
            ])
            try service.load(150)
            let up = try await service.monitor()
            #expect(up.status == 0)
            #expect(up.stdout.contains("is not ready after 0 s"), "\(up.stdout)")
            #expect(try service.served()?.count == 1)
            #expect(try service.backends().count == 2)
            try await eventually("it is removed") {
                _ = try await service.monitor()
                return try service.backends().count == 1
            }
            let held = try await service.monitor()
            #expect(held.stdout.contains("failed starts in a row"), "\(held.stdout)")
            #expect(try service.backends().count == 1)
        }
    }

    @Test func `a program that ends at once is a failed step, and nothing is left of it`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            try service.configure(["BACKEND_COMMAND": "sh -c 'echo no licence >&2; exit 3'"])
            try service.load(150)
            let run = try await service.monitor()
            #expect(run.status == 1)
            #expect(run.stdout.contains("no licence"), "\(run.stdout)")
            #expect(try service.backends().count == 1)
            #expect(try service.served()?.count == 1)
        }
    }

    /// On a thread of its own: the calls block, and tests have as many threads as the machine has processors.
    private func slowRequests(_ service: PrivateService, seconds: Int, count: Int) async -> [Int] {
        let request = HTTPRequest(
            .get, "\(service.nginx.site)slow?ms=\(seconds * 1000)", timeout: .seconds(seconds + 10))
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let answers = CurlClient().sendAll(Array(repeating: request, count: count))
                continuation.resume(returning: answers.map { (try? $0.get())?.status ?? 0 })
            }
        }
    }

    private func openConnections(_ service: PrivateService) throws -> Int {
        let table = try SocketTable()
        return service.ports.reduce(0) { $0 + table.established(onPort: $1) }
    }

    private func workers(of nginx: PrivateNginx) throws -> [Int32] {
        try processesWorking(in: nginx.folder).map(\.identity.pid).sorted()
    }

    private func lines(_ history: HistoryFolder) throws -> [Substring] {
        try FileManager.default.contentsOfDirectory(atPath: history.path.string).sorted().flatMap { name in
            try String(contentsOfFile: history.path.appending(name).string, encoding: .utf8).split(separator: "\n")
        }
    }
}
