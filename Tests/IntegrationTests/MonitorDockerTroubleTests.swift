import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Connections
@testable import Fleet

/// Trouble with one container, or with all of them at once, reaches no further than it must.
@Suite(.privateDocker, .sharedDatabase, .timeLimit(.minutes(3)))
struct MonitorDockerTroubleTests {
    let docker: PrivateDocker

    init() throws { docker = try #require(PrivateDocker.current) }

    @Test func `a removal that Docker refuses stops no step, and what was drained does not come back`() async throws {
        try await withTemporaryFolder { folder in
            let socket = folder.appending("docker.sock")
            try await withRefusingDocker(at: socket, before: docker) { refusing in
                try await withPrivateService(["DOCKER_HOST": "unix://\(socket)"], on: .docker(docker)) { service in
                    try await service.grow(to: 3)
                    let youngest = try #require(
                        try service.containers().max { ($0.created, $0.name) < ($1.created, $1.name) })
                    try service.load(1)
                    #expect(try await service.monitor().stdout.contains("Draining backend: \(youngest.name)\n"))
                    try service.load(50)
                    refusing.refuse(["DELETE "])
                    let ending = try await service.monitor()
                    #expect(ending.status == 1, "\(ending.stdout)")
                    #expect(ending.stdout.contains("device or resource busy"), "\(ending.stdout)")

                    // A kill between its creation and its start leaves one such.
                    try await docker.docker(
                        "create", "--name", "\(service.name)-left", "--label", "autoscale.service=\(service.name)",
                        "--label", "autoscale.managed=true", "--label", "autoscale.op=\(service.name)-left",
                        TestImage.ready.name)
                    try service.load(1000)
                    var steps = 0
                    for _ in 1...4 {
                        let before = refusing.count
                        let run = try await service.monitor()
                        #expect(run.status == 1, "\(run.stdout)")
                        #expect(refusing.count > before, "it is tried again")
                        if run.stdout.contains("State: SCALING UP\n") { steps += 1 }
                        let drained = try #require(try service.containers().first { $0.id == youngest.id })
                        #expect(drained.state == "exited", "\(run.stdout)")
                        #expect(try service.served()?.count == 2 + steps, "what is said is what is done: \(run.stdout)")
                        #expect(service.ask("/health", times: 4) == [200, 200, 200, 200])
                    }
                    #expect(steps >= 2)

                    refusing.refuse([])
                    try service.load(50)
                    #expect(try await service.monitor().status == 0)
                    let left = try service.containers()
                    #expect(left.count == 2 + steps && !left.contains { $0.id == youngest.id })
                }
            }
        }
    }

    @Test func `after a restart of all containers nobody is taken for dead who only boots`() async throws {
        let settings = [
            "MIN_BACKENDS": "2", "BACKEND_IMAGE": TestImage.fickle.name, "BACKEND_ADDRESS": "network",
            "BACKEND_NETWORK": "bridge", "HEALTH_RETRIES": "1",
        ]
        try await withPrivateService(settings, on: .docker(docker)) { service in
            try await eventually("two serve") {
                _ = try await service.monitor()
                return try service.served()?.count == 2
            }
            let before = try service.containers().map(\.id).sorted { $0.text < $1.text }
            let names = try service.containers().map(\.name)
            // While the mark is there it boots.
            try await docker.docker("exec", names[1], "touch", "/sick")
            try await eventually("the second one does not answer well") { try answer(of: names[1], service) == 404 }
            try await docker.docker(["restart", "--time", "0"] + names)
            try await eventually("the first one has booted") { try answer(of: names[0], service) == 200 }

            for number in 1...3 {
                let run = try await service.monitor()
                #expect(run.status == 0, "run \(number): \(run.stdout)")
                #expect(try service.containers().map(\.id).sorted { $0.text < $1.text } == before, "\(run.stdout)")
                #expect(try service.served() == [try address(of: names[0], service)], "\(run.stdout)")
                #expect(service.ask("/health", times: 4) == [200, 200, 200, 200])
            }
            try await docker.docker("exec", names[1], "rm", "/sick")
            try await eventually("both serve again") {
                #expect(try await service.monitor().status == 0)
                return try service.served()?.count == 2
            }
            #expect(try service.containers().map(\.id).sorted { $0.text < $1.text } == before)
        }
    }

    private func address(of name: String, _ service: PrivateService) throws -> ServerAddress {
        let container = try #require(try service.containers().first { $0.name == name })
        let host = try #require(container.networks["bridge"]?.ipv4)
        return try #require(ServerAddress("\(host):3000"))
    }

    /// Of its health path; `nil` while nobody listens.
    private func answer(of name: String, _ service: PrivateService) throws -> Int? {
        guard let address = try? address(of: name, service) else { return nil }
        return try? CurlClient().send(HTTPRequest(.get, "http://\(address)/health", timeout: .seconds(2))).status
    }
}
