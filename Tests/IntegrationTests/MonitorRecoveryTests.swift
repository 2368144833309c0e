import Connections
import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Fleet
@testable import Host

/// Goal 4: what is dead is out of the upstream within one run, and `MIN_BACKENDS` are back within two, whatever else was
/// killed or lost with it.
@Suite(.sharedDatabase, .timeLimit(.minutes(5)))
struct MonitorRecoveryTests {
    // MARK: Everything at once

    @Test(arguments: [false, true])
    func `all backends killed at once, with and without the state file`(stateIsLost: Bool) async throws {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            try await service.grow(to: 3)
            let dead = try service.backends()
            let served = try #require(try service.served())
            for backend in dead { try ProcessTable.kill(backend.identity) }
            try await eventually("all are gone") { try service.backends().isEmpty }
            if stateIsLost { try FileManager.default.removeItem(atPath: service.stateFile.string) }
            for number in 1...2 {
                let run = try await service.monitor()
                #expect(run.status == 0, "\(run.stdout)")
                let now = try #require(try service.served())
                #expect(now.isDisjoint(with: served), "run \(number): a dead one is in the upstream")
                #expect(service.ask(times: 6) == Array(repeating: 200, count: 6), "run \(number)")
            }
            let expected = stateIsLost ? 2 : 3  // of those that nobody remembers only the minimum is missed
            #expect(try service.served()?.count == expected)
            #expect(try service.backends().count == expected)
        }
    }

    @Test(arguments: [false, true])
    func `the daemon and all containers killed at once, with and without the state file`(stateIsLost: Bool) async throws
    {
        try await withPrivateDocker { docker in
            try await withPrivateService(["MIN_BACKENDS": "2"], on: .docker(docker)) { service in
                try await service.grow(to: 3)
                let published = FolderSnapshot(of: service.nginx.upstreamFile)
                let processes = try await processes(of: service, docker)
                try docker.signal(SIGKILL)
                for process in processes { try ProcessTable.kill(process) }
                try await eventually("all are gone") { !processes.contains(where: ProcessTable.isRunning) }
                if stateIsLost { try FileManager.default.removeItem(atPath: service.stateFile.string) }
                let away = try await service.monitor()
                #expect(away.status == 69, "\(away)")
                #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)

                try await docker.startAgain()
                for number in 1...2 {
                    let run = try await service.monitor()
                    #expect(run.status == 0, "\(run.stdout)")
                    #expect(try served(service, notRunning: true).isEmpty, "run \(number): \(run.stdout)")
                }
                #expect(try served(service, notRunning: false).count >= 2)
                #expect(service.ask("/health", times: 6) == Array(repeating: 200, count: 6))
            }
        }
    }

    private func processes(
        of service: PrivateService, _ docker: PrivateDocker
    ) async throws -> [ProcessTable.Identity] {
        var found: [ProcessTable.Identity] = []
        for container in try service.containers() {
            let text = try await docker.docker("inspect", "--format", "{{.State.Pid}}", container.id.text)
            found.append(try #require(pid_t(text).flatMap(ProcessTable.status)).identity)
        }
        return found
    }

    private func served(_ service: PrivateService, notRunning: Bool) throws -> Set<UInt16> {
        let running = Set(try service.containers().filter { $0.state == "running" }.compactMap(\.portLabel))
        let served = Set(try #require(try service.served()).map(\.port))
        return notRunning ? served.subtracting(running) : served.intersection(running)
    }

    // MARK: NGINX

    @Test func `a backend that died while NGINX was stopped is out after its start and one run`() async throws {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            try await service.grow(to: 3)
            let victim = try #require(try service.backends().first)
            let port = try ProcessTable.environment(
                of: victim.identity.pid, containing: "AUTOSCALE_SERVICE=\(service.name)")?["PORT"]
            try await service.nginx.stop()
            try ProcessTable.kill(victim.identity)
            #expect(try await service.monitor().status == 69)
            try await service.nginx.start()  // with the file as it is: it names the dead one
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run)")
            let served = try #require(try service.served())
            #expect(served.count == 3)
            #expect(!served.contains { "\($0.port)" == port ?? "" })
            #expect(service.ask(times: 9) == Array(repeating: 200, count: 9))
        }
    }

    // MARK: The state

    @Test func `with the state lost while two serve and one drains, the third serves again and no request is lost`()
        async throws
    {
        try await withPrivateService(["DRAIN_SECONDS": "60"]) { service in
            try await service.grow(to: 3)
            let before = try service.backends()
            let counts = try await SteadyLoad.during(service, slowMilliseconds: 700) { load in
                try service.load(1)
                #expect(try await service.monitor().stdout.contains("Draining backend: "))
                #expect(try service.served()?.count == 2)
                try FileManager.default.removeItem(atPath: service.stateFile.string)
                try service.load(50)
                for _ in 1...2 { #expect(try await service.monitor().status == 0) }
                let soFar = load.newConnections
                try await eventually("more requests are answered") { load.newConnections > soFar + 100 }
            }
            #expect(try service.served()?.count == 3)
            #expect(try service.backends() == before)
            #expect(counts.lost == [])
            #expect(counts.new > 100 && counts.kept > 0 && counts.slow > 0)
        }
    }
}
