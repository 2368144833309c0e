import Connections
import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Fleet

/// The whole line on containers.
@Suite(.privateDocker, .sharedDatabase, .timeLimit(.minutes(5)))
struct MonitorDockerTests {
    let docker: PrivateDocker

    init() throws { docker = try #require(PrivateDocker.current) }

    // MARK: Steps

    @Test func `up to three and down to one, and nothing is left of those that went`() async throws {
        try await withPrivateService(on: .docker(docker)) { service in
            try await service.grow(to: 3)
            #expect(try service.containers().map(\.state) == ["running", "running", "running"])
            #expect(service.ask("/health", times: 6) == Array(repeating: 200, count: 6))
            try service.load(1)
            try await eventually("one is left, and nothing of the others", within: .seconds(30)) {
                _ = try await service.monitor()
                return try service.containers().count == 1
            }
            #expect(try service.served()?.count == 1)
            #expect(service.ask("/health", times: 3) == [200, 200, 200])
        }
    }

    // MARK: Addresses

    @Test func `after a restart in another order no site keeps the other's address, before anything else is done`()
        async throws
    {
        let settings = ["BACKEND_ADDRESS": "network", "BACKEND_NETWORK": "bridge"]
        try await withPrivateService(settings, on: .docker(docker)) { chat in
            try await withPrivateService(settings, on: .docker(docker)) { shop in
                for service in [chat, shop] { #expect(try await service.monitor().status == 0) }
                let before = try [chat, shop].map { try #require($0.served()?.first) }
                let names = try [chat, shop].map { try #require($0.containers().first?.name) }
                try await docker.docker(["stop", "--time", "0"] + names)
                for name in names.reversed() { try await docker.docker("start", name) }
                let addresses = try [chat, shop].map { service in
                    try #require(service.containers().first?.networks["bridge"]?.ipv4)
                }
                #expect(before.map(\.description) == addresses.reversed().map { "\($0):3000" }, "they changed hands")
                let slow = settings.merging(["CONNECTIONS_QUERY": "SELECT 50 FROM pg_sleep(1.8)"]) { $1 }
                for (index, service) in [chat, shop].enumerated() {
                    try service.configure(slow)
                    try await service.withRunningMonitor { run in
                        try await eventually("the other's address is out") {
                            try service.served()?.contains(before[index]) == false
                        }
                        #expect(run.isRunning, "the readings are still being taken")
                        let output = try await run.output(within: .seconds(60))
                        #expect(output.status == 0, "\(output)")
                        #expect(output.stdout.contains("have by now; they have left the upstream: \(before[index])"))
                    }
                    #expect(try service.served() == [before[1 - index]])
                    #expect(service.ask("/health", times: 3) == [200, 200, 200])
                }
            }
        }
    }

    @Test func `A3: a drained one stays while it is busy, and at the end it is said how many were cut`() async throws {
        try await withPrivateService(on: .docker(docker)) { service in
            try await service.grow(to: 3)
            try service.load(1)
            for isCut in [false, true] {
                let before = try service.containers()
                let youngest = try #require(before.max { ($0.created, $0.name) < ($1.created, $1.name) })
                let client = try TestSocket.connected(port: try #require(youngest.portLabel))
                #expect(try await service.monitor().stdout.contains("Draining backend: \(youngest.name)\n"))
                let busy = try await service.monitor()
                #expect(
                    busy.stdout.contains("\(youngest.name): drain time is over; waiting for 1 connection to close"),
                    "\(busy.stdout)")
                #expect(try service.containers() == before)
                if isCut {
                    try service.configure(["DRAIN_TIMEOUT": "0"])
                    let cut = try await service.monitor()
                    #expect(
                        cut.stdout.contains(
                            "Warning: Stopping backend: \(youngest.name) (DRAIN_TIMEOUT is over, connections cut: 1)"),
                        "\(cut.stdout)")
                } else {
                    client.shutDown()
                    try service.load(50)
                    try await eventually("it is idle and removed") {
                        _ = try await service.monitor()
                        return try service.containers().count == before.count - 1
                    }
                    try service.load(1)
                }
                #expect(try service.containers().count == before.count - 1)
                #expect(try !service.containers().contains { $0.id == youngest.id })
                withExtendedLifetime(client) {}
            }
        }
    }

    @Test func `with the state file lost in the middle of a drain the victim serves again`() async throws {
        try await withPrivateService(["DRAIN_SECONDS": "60"], on: .docker(docker)) { service in
            try await service.grow(to: 2)
            let before = try service.containers().map(\.id)
            try service.load(1)
            #expect(try await service.monitor().stdout.contains("Draining backend: "))
            #expect(try service.served()?.count == 1)
            try FileManager.default.removeItem(atPath: service.stateFile.string)
            try service.load(50)
            #expect(try await service.monitor().status == 0)
            #expect(try service.served()?.count == 2)
            #expect(try service.containers().map(\.id) == before)
        }
    }

    // MARK: Repairs

    @Test func `containers from outside are adopted, counted, published and never removed`() async throws {
        try await withPrivateService(["SCALE_DOWN_COOLDOWN": "0"], on: .docker(docker)) { service in
            let ports = [service.ports.upperBound - 1, service.ports.upperBound]
            for port in ports {
                try await docker.docker(
                    "run", "--detach", "--label", "autoscale.service=\(service.name)", "--publish",
                    "127.0.0.1:\(port):3000", TestImage.ready.name)
            }
            let adopted = Set(try service.containers().map(\.id))
            try await eventually("both are published") {
                _ = try await service.monitor()
                return try service.served()?.map(\.port).sorted() == ports
            }
            #expect(try await service.run(["status"]).stdout.contains("Active backends: 2\n"))
            try service.load(1)
            let held = try await service.monitor()
            #expect(held.stdout.contains("State: NORMAL\n"))
            #expect(
                held.stdout.contains("every backend is adopted, and adopted backends are never stopped"),
                "\(held.stdout)")

            try service.load(150)
            #expect(try await service.monitor().stdout.contains("Active backends: 3\n"))
            try service.load(1)
            try await eventually("ours is gone") {
                _ = try await service.monitor()
                return try Set(service.containers().map(\.id)) == adopted
            }
            #expect(try service.served()?.map(\.port).sorted() == ports)

            try await docker.docker("kill", try #require(adopted.first).text)
            let lost = try await service.monitor()
            #expect(lost.status == 0, "\(lost)")
            #expect(try service.served()?.count == 1)
            #expect(try Set(service.containers().map(\.id)) == adopted, "whose it is starts it again")
        }
    }

    @Test func `B1: what a killed run created and did not start is removed`() async throws {
        try await withPrivateService(on: .docker(docker)) { service in
            _ = try await service.monitor()
            let name = "\(service.name)_backend_1"
            try await docker.docker(
                "create", "--name", name, "--label", "autoscale.service=\(service.name)", "--label",
                "autoscale.managed=true", "--label", "autoscale.op=\(name)", TestImage.ready.name)
            #expect(try await service.monitor().stdout.contains("Backend removed: \(name)\n"))
            #expect(try service.containers().count == 1)
        }
    }

    @Test func `a killed container runs again after one run, and a removed one is replaced`() async throws {
        try await withPrivateService(on: .docker(docker)) { service in
            try await service.grow(to: 2)
            let before = try service.containers().map(\.id)
            let victim = try #require(before.first)
            try await docker.docker("kill", victim.text)
            let again = try await service.monitor()
            #expect(again.status == 0, "\(again)")
            #expect(again.stdout.contains("Backend lost: "))
            #expect(again.stdout.contains("Starting backend again: "), "\(again.stdout)")
            #expect(try service.containers().map(\.id) == before)
            #expect(try service.served()?.count == 2)

            try await docker.docker("rm", "--force", victim.text)
            let replaced = try await service.monitor()
            #expect(replaced.status == 0, "\(replaced)")
            #expect(replaced.stdout.contains(" (no longer there)\n"), "\(replaced.stdout)")
            #expect(try service.containers().count == 2)
            #expect(try service.served()?.count == 2)
            #expect(service.ask("/health", times: 4) == [200, 200, 200, 200])
        }
    }

    @Test func `an image that is not there is named, and steps back off`() async throws {
        try await withPrivateService(on: .docker(docker)) { service in
            _ = try await service.monitor()
            try service.configure(["BACKEND_IMAGE": "autoscale-test:absent"])
            try service.load(150)
            let run = try await service.monitor()
            #expect(run.status == 1)
            #expect(run.stdout.contains("there is no image autoscale-test:absent"), "\(run.stdout)")
            #expect(run.stdout.contains("`docker pull` it, or correct BACKEND_IMAGE"))
            let held = try await service.monitor()
            #expect(held.status == 0)
            #expect(held.stdout.contains("failed starts in a row: 1, next step up in"), "\(held.stdout)")
            #expect(try service.containers().count == 1)
        }
    }

    // MARK: Settings

    @Test func `the addresses of containers are published for an NGINX that is one, too`() async throws {
        try await withPrivateService(["BACKEND_ADDRESS": "network"], on: .docker(docker)) { service in
            try await service.grow(to: 2)
            let addresses = try service.containers().compactMap { $0.networks["bridge"]?.ipv4 }.map { "\($0):3000" }
            #expect(addresses.count == 2)
            #expect(try service.served()?.map(\.description).sorted() == addresses.sorted())
            #expect(try service.containers().allSatisfy { $0.ports.allSatisfy { $0.published == nil } })
            #expect(service.ask("/health", times: 4) == [200, 200, 200, 200])
        }
    }

    @Test func `the application's environment, limits and restart policy reach its containers`() async throws {
        let settings = [
            "BACKEND_ENV_FILE": "app.env", "BACKEND_CPUS": "0.5", "BACKEND_MEMORY": "64m",
            "BACKEND_MEMORY_RESERVATION": "32m",
        ]
        try await withPrivateService(settings, on: .docker(docker)) { service in
            let file = service.folder.appending("app.env").string
            try "GREETING='good morning'  # to all\nTOKEN=a=b#c\n".write(
                toFile: file, atomically: true, encoding: .utf8)
            chmod(file, 0o600)
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run)")
            let id = try #require(try service.containers().first?.id)
            let format = "{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.HostConfig.MemoryReservation}} "
            let limits = try await docker.docker(
                "inspect", "--format", format + "{{.HostConfig.RestartPolicy.Name}}", id.text)
            #expect(limits == "500000000 \(64 << 20) \(32 << 20) unless-stopped")
            let environment = try await docker.docker(
                "inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", id.text
            ).split(separator: "\n")
            #expect(environment.contains("GREETING=good morning"))
            #expect(environment.contains("TOKEN=a=b#c"))
        }
    }
}
