import Decisions
import Foundation
import Testing

@testable import Connections
@testable import Fleet

/// What is read out of replies of real engines, and of replies that no real engine gives.
struct DockerDiscoveryTests {
    private static func list(_ name: String) throws -> [DockerContainer] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/docker/\(name).json")
        return try JSONDecoder().decode([DockerContainer].self, from: Data(contentsOf: file))
    }

    private static func discovery(_ name: String, _ settings: DockerTarget.Settings) throws -> Discovery {
        settings.discovery(of: try list(name))
    }

    private static func described(_ discovery: Discovery) -> [String] {
        discovery.backends.map { backend in
            let origin = backend.operation.map { "op \($0)" } ?? "adopted"
            return "\(backend.name) \(backend.activity.rawValue) \(backend.address?.description ?? "-") \(origin)"
        }
    }

    @Test func `version 1.41, published: managed by label, adopted by publication, oldest first`() throws {
        let found = try Self.discovery("list-1.41", .init(service: "chat"))
        #expect(
            Self.described(found) == [
                "chat_backend_1700000000 running 127.0.0.1:23000 op chat_backend_1700000000",
                "chat_backend_1700000060-2 created - op chat_backend_1700000060",
                "chat_backend_1700000120 exited - op chat_backend_1700000120",
                "chat_paused frozen - op chat_paused",
                "crash restarting - op crash",
                "compose-backend-1 running 127.0.0.1:23003 adopted",
                "chat_unpublished running - adopted",
            ])
        #expect(found.backends.first?.created == 1_700_000_000)
        #expect(
            found.warnings.map(\.english) == [
                "chat_unpublished runs and publishes port 3000 nowhere on this host; it is not counted"
            ])
    }

    @Test func `version 1.41, network: the container's own address and port, while it runs`() throws {
        let found = try Self.discovery("list-1.41", .init(service: "chat", backendPort: 3100, addressing: .network))
        let addresses = found.backends.map { $0.address?.description ?? "-" }
        #expect(
            addresses == ["172.31.7.2:3100", "-", "-", "-", "-", "172.31.7.4:3100", "172.31.7.3:3100"])
        #expect(found.warnings == [])
    }

    @Test func `version 1.51: unknown fields are nobody's business`() throws {
        let found = try Self.discovery("list-1.51", .init(service: "chat"))
        #expect(
            Self.described(found) == [
                "chat-backend-1 running [0:0:0:0:0:0:0:1]:8300 adopted",
                "chat_backend_1700000000 running 127.0.0.1:3000 op chat_backend_1700000000",
            ])
    }

    @Test func `network: the configured one decides, IPv6 only where there is no IPv4`() throws {
        let settings = DockerTarget.Settings(service: "chat", network: "chat_default", addressing: .network)
        let found = try Self.discovery("list-1.51", settings)
        let addresses = found.backends.compactMap { $0.address?.description }
        #expect(addresses == ["[fd00:18:0:0:0:0:0:2]:3000", "172.18.0.3:3000"])
    }

    @Test func `network: more than one and none configured is said, not guessed`() throws {
        let found = try Self.discovery("list-1.51", .init(service: "chat", addressing: .network))
        #expect(found.backends.map { $0.address == nil } == [true, false])
        #expect(
            found.warnings.map(\.english) == [
                "chat-backend-1 is in more than one network, and none is configured; it is not counted: set BACKEND_NETWORK"
            ])
    }

    @Test func `hostile values: no address, no name and no state that was not checked`() throws {
        let found = try Self.discovery("list-hostile", .init(service: "chat"))
        #expect(
            Self.described(found) == [
                "linked running 10.0.0.5:3002 adopted",
                "ab0000000000 frozen - adopted",
            ])
        #expect(found.warnings.count == 2)
        #expect(found.warnings[0].english.hasPrefix("ab0000000000 carries the labels of a backend that it is not"))
        #expect(found.warnings[1].english == "ab0000000000 is in a state that is not known, and left alone")
    }

    @Test(arguments: [
        "", "{}", "[{}]", "[null]", #"[{"Id":"short","Created":1,"State":"running"}]"#,
        #"[{"Id":"../../images/prune?x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","Created":1,"State":"running"}]"#,
    ])
    func `what is not a list of containers is not taken for an empty one`(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([DockerContainer].self, from: Data(text.utf8))
        }
    }

    @Test func `what is created carries labels, limits, environment and a port of 127.0.0.1 only`() throws {
        let settings = DockerTarget.Settings(
            service: "chat", network: "chat_default", cpus: 0.5, memoryBytes: 268_435_456,
            memoryReservationBytes: 134_217_728, environment: ["B": "2 =", "A": "ñ"])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let container = settings.container(image: "chat:7", operation: "op", created: 17, port: 3001)
        #expect(
            String(decoding: try encoder.encode(container), as: UTF8.self) == """
                {"Env":["A=ñ","B=2 ="],"ExposedPorts":{"3000/tcp":{}},"HostConfig":{"Memory":268435456,\
                "MemoryReservation":134217728,"NanoCpus":500000000,"NetworkMode":"chat_default",\
                "PortBindings":{"3000/tcp":[{"HostIp":"127.0.0.1","HostPort":"3001"}]},\
                "RestartPolicy":{"Name":"unless-stopped"}},"Image":"chat:7","Labels":{"autoscale.created":"17",\
                "autoscale.managed":"true","autoscale.op":"op","autoscale.port":"3001","autoscale.service":"chat"}}
                """)
    }
}
