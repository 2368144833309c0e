import Connections
import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Goal 5: what is there and does not answer costs a run 10 s at most, and the run after it finds all as it was.
@Suite(.privateDocker, .timeLimit(.minutes(5)))
struct MonitorSilenceTests {
    let docker: PrivateDocker

    init() throws { docker = try #require(PrivateDocker.current) }

    private static let holdLimit = Duration.seconds(10)

    // MARK: The database

    @Test func `with the postmaster and its children stopped the reading is missing, and nothing else happens`()
        async throws
    {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            let before = try World(service)
            try service.load(150)
            try service.database.signalAll(SIGSTOP)
            defer { try? service.database.signalAll(SIGCONT) }
            let run = try await measured(service, "postmaster and children stopped")
            try expectBlind(run)
            #expect(try World(service) == before)
            try service.database.signalAll(SIGCONT)
            try await expectAllWell(service, before)
        }
    }

    @Test func `with packets to the database dropped the reading is missing, and nothing else happens`() async throws {
        try await withPrivateNetwork { network in
            try await withPrivateService(databaseIn: network) { service in
                try await service.grow(to: 2)
                let before = try World(service)
                try service.load(150)
                try await network.drop()
                let run = try await measured(service, "packets to the database dropped")
                try expectBlind(run)
                #expect(try World(service) == before)
                try await network.pass()
                try await expectAllWell(service, before)
            }
        }
    }

    /// The third line is the state, and the reason has a line of its own after it.
    private func expectBlind(_ run: ProcessOutput) throws {
        #expect(run.status == 0, "\(run)")
        let lines = try Regex(
            #"(?s).*Connections: n/a\n\[[^\]]*\] State: NORMAL\n\[[^\]]*\] Warning: Connections: no answer within 3(\.0)? s\n.*"#
        )
        #expect(run.stdout.wholeMatch(of: lines) != nil, "\(run.stdout)")
    }

    private func expectAllWell(_ service: PrivateService, _ before: World) async throws {
        try service.load(50)
        let good = try await service.monitor()
        #expect(good.status == 0)
        #expect(good.stdout.contains("Connections: 50\n"), "\(good.stdout)")
        #expect(good.stdout.hasSuffix("State: NORMAL\n"), "\(good.stdout)")
        #expect(try World(service) == before)
    }

    // MARK: Backends

    @Test func `a backend whose packets are dropped leaves the upstream, and comes back by itself`()
        async throws
    {
        try await withContainers { service in
            try await service.grow(to: 2)
            let before = try (service.containers().map(\.id), service.served())
            let network = try await network(of: try #require(before.0.first))
            try await network.drop()
            let run = try await measured(service, "packets to one of two backends dropped")
            #expect(run.status == 0, "\(run.stdout)")
            #expect(try service.containers().map(\.id) == before.0, "one more run decides about it")
            #expect(try service.served()?.count == 1)
            #expect(service.ask("/health", times: 4) == [200, 200, 200, 200])
            try await network.pass()
            #expect(try await service.monitor().status == 0)
            #expect(try service.containers().map(\.id) == before.0)
            #expect(try service.served() == before.1)
        }
    }

    @Test func `a backend whose packets are dropped in two runs is replaced in the second`() async throws {
        try await withContainers(["HEALTH_TIMEOUT": "1", "HEALTH_RETRIES": "1"]) { service in
            try await service.grow(to: 2)
            let before = try service.containers().map(\.id)
            let victim = try #require(before.first)
            try await network(of: victim).drop()
            #expect(try await service.monitor().status == 0)
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run.stdout)")
            #expect(run.stdout.contains("Backend lost: "), "\(run.stdout)")
            let after = try service.containers().map(\.id)
            #expect(after.count == 2)
            #expect(Set(after).intersection(before) == Set(before).subtracting([victim]))
            #expect(try service.served()?.count == 2)
            #expect(service.ask("/health", times: 4) == [200, 200, 200, 200])
        }
    }

    @Test func `with packets to every backend dropped none is removed and NGINX keeps its set`() async throws {
        try await withPrivateNetwork { databaseNetwork in
            try await withContainers(databaseIn: databaseNetwork) { service in
                try await service.grow(to: 2)
                let before = try World(service)
                var networks: [PrivateNetwork] = []
                for container in before.containers { networks.append(try await network(of: container)) }
                for network in networks { try await network.drop() }
                let run = try await measured(service, "packets to all backends dropped")
                #expect(run.status == 0)
                #expect(run.stdout.contains("All 2 backends stopped being ready"), "\(run.stdout)")
                #expect(try World(service) == before)

                try await databaseNetwork.drop()
                let blind = try await measured(service, "packets to all backends and the database dropped")
                #expect(blind.status == 0)
                #expect(blind.stdout.contains("All 2 backends stopped being ready"), "\(blind.stdout)")
                #expect(blind.stdout.contains("Connections: no answer within 3"), "\(blind.stdout)")
                #expect(try World(service) == before)

                for network in networks + [databaseNetwork] { try await network.pass() }
                #expect(try await service.monitor().status == 0)
                #expect(try World(service) == before)
                #expect(service.ask("/health", times: 4) == [200, 200, 200, 200])
            }
        }
    }

    /// Containers at addresses of their own, each with a firewall of its own.
    private func withContainers(
        _ settings: [String: String] = [:], databaseIn network: PrivateNetwork? = nil,
        _ body: (PrivateService) async throws -> Void
    ) async throws {
        try await withPrivateService(
            settings.merging(["BACKEND_ADDRESS": "network"]) { $1 }, on: .docker(docker), databaseIn: network
        ) { try await body($0) }
    }

    private func network(of container: ContainerID) async throws -> PrivateNetwork {
        let format = "{{.State.Pid}} {{.NetworkSettings.IPAddress}}"
        let words = try await docker.docker("inspect", "--format", format, container.text).split(separator: " ")
        return PrivateNetwork(of: try #require(pid_t(words[0])), address: String(words[1]))
    }

    // MARK: Whatever it is

    /// What a run could have changed.
    private struct World: Equatable {
        let backends: [ProcessTable.Identity]
        let containers: [ContainerID]
        let upstream: FolderSnapshot
        let served: Set<ServerAddress>?

        init(_ service: PrivateService) throws {
            backends = try service.backends().map(\.identity)
            containers = try service.containers().map(\.id)
            upstream = FolderSnapshot(of: service.nginx.upstreamFile)
            served = try service.served()
        }
    }

    private func measured(_ service: PrivateService, _ what: String) async throws -> ProcessOutput {
        let begin = ContinuousClock.now
        let run = try await service.monitor()
        let lasted = begin.duration(to: .now)
        print("silence: \(what): \((lasted / .milliseconds(100)).rounded() / 10) s")
        #expect(lasted < Self.holdLimit, "\(what)")
        return run
    }
}
