import Decisions
import SystemPackage
import TestSupport
import Testing

@testable import Connections
@testable import Fleet
@testable import Host
@testable import Settings

/// What a real engine won't do on demand.
struct DockerEngineTests {
    private let deadline = Deadline(after: .seconds(20))
    private static let id = String(repeating: "ab", count: 32)

    private static func backend(_ origin: Backend.Origin = .managed(operation: "op"), id: String = id) -> Backend {
        Backend(id: id, name: "app_1", origin: origin, created: 1, activity: .running, address: nil)
    }

    /// A target whose engine speaks 1.41 and answers the rest as told; the request line is `METHOD /path HTTP/1.1`.
    private func withTarget(
        _ settings: DockerTarget.Settings = .init(service: "app", image: "app:1"), version: String? = "1.41",
        reply: @escaping @Sendable (String) -> CannedServer.Reply = { _ in CannedServer.answer(body: "[]") },
        _ body: (DockerTarget, CannedServer) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let socket = folder.appending("docker.sock")
            try await withCannedServer(at: socket) { request in
                guard request.hasPrefix("GET /_ping ") else { return reply(request) }
                return CannedServer.answer(headers: version.map { ["Api-Version: \($0)"] } ?? [], body: "OK")
            } _: { server in
                let engine = DockerEngine(try DockerAddress("unix://\(socket)"))
                try await body(DockerTarget(settings, engine: engine), server)
            }
        }
    }

    @Test func `B5: a daemon that accepts and never answers is timed out after 2 seconds`() async throws {
        try await withTemporaryFolder { folder in
            let socket = folder.appending("docker.sock")
            try await withCannedServer(at: socket) { _ in
                .silence
            } _: { _ in
                let engine = DockerEngine(try DockerAddress("unix://\(socket)"))
                let target = DockerTarget(.init(service: "app"), engine: engine)
                let time = await ContinuousClock().measure {
                    await #expect(throws: TargetError.timedOut(action: "ask Docker for its version", seconds: 2)) {
                        try await target.discover(before: deadline)
                    }
                }
                #expect(time < .seconds(4))
            }
        }
    }

    @Test func `B5: a daemon that hangs later is timed out when the run is over at the latest`() async throws {
        let hangs = Once()
        try await withTarget(reply: { _ in hangs.hasHappened ? .silence : CannedServer.answer(body: "[]") }) {
            target, _ in
            _ = try await target.discover(before: deadline)  // so that the version is known
            hangs.happened()
            let error = await #expect(throws: TargetError.self) {
                try await target.discover(before: Deadline(after: .milliseconds(300)))
            }
            guard case .timedOut(action: "list the containers", let seconds) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(seconds <= 0.3)
        }
    }

    @Test func `B6: a create that timed out is looked for and taken back`() async throws {
        let list = """
            [{"Id":"\(Self.id)","Names":["/op"],"Created":1,"State":"created",
              "Labels":{"autoscale.service":"app","autoscale.managed":"true","autoscale.op":"op"}}]
            """
        let made = Once()
        try await withTarget(reply: { request in
            if request.hasPrefix("POST ") {
                made.happened()
                return .silence
            }
            return CannedServer.answer(body: request.hasPrefix("GET ") && made.hasHappened ? list : "[]")
        }) { target, server in
            let error = await #expect(throws: TargetError.self) {
                try await target.start(operation: "op", created: 1, before: deadline)
            }
            #expect(error == .timedOut(action: "create op", seconds: 10))
            let last = try #require(server.requests.last)
            #expect(last.hasPrefix("DELETE /v1.41/containers/\(Self.id)?force=1&v=1 "))
        }
    }

    @Test func `no daemon: unreachable, with the address and why`() async throws {
        try await withTemporaryFolder { folder in
            let address = "unix://\(folder)/docker.sock"
            let target = DockerTarget(.init(service: "app"), engine: DockerEngine(try DockerAddress(address)))
            await #expect(throws: TargetError.unreachable(address: address, detail: "no such socket")) {
                try await target.discover(before: deadline)
            }
            _ = try TestSocket.listening(path: folder.appending("docker.sock"))  // closed again, the file stays
            await #expect(throws: TargetError.unreachable(address: address, detail: "connection refused")) {
                try await target.discover(before: deadline)
            }
        }
    }

    @Test(arguments: [
        (
            HTTPFailure.notPermitted,
            TargetError.notPermitted(address: "unix:///s", detail: "permission denied", group: "docker")
        ),
        (.refused, .unreachable(address: "unix:///s", detail: "connection refused")),
        (.noSuchSocket, .unreachable(address: "unix:///s", detail: "no such socket")),
        (.timedOut(seconds: 5), .timedOut(action: "act", seconds: 5)),
        (.tooLarge(limit: 9), .unreadable(action: "act", detail: "the answer is longer than 9 bytes")),
        (
            .cutShort(detail: "reset"),
            .unreachable(address: "unix:///s", detail: "the connection ended before the answer: reset")
        ),
    ])
    func `a failure of HTTP becomes one of the target`(failure: HTTPFailure, error: TargetError) throws {
        let refused = DockerFailure(failure, action: "act", address: try DockerAddress("unix:///s"))
        #expect(TargetError(refused) == error)
    }

    @Test func `B9: an engine that is too old is refused with both numbers, and asked nothing else`() async throws {
        try await withTarget(version: "1.40") { target, server in
            await #expect(
                throws: TargetError.unsupportedVersion(program: "Docker Engine", theirs: "1.40", oldestOfOurs: "1.41")
            ) {
                try await target.discover(before: deadline)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [("1.41", "1.41"), ("1.47", "1.47"), ("1.99", "1.51")])
    func `B9: the smaller version is spoken, and asked for once`(theirs: String, spoken: String) async throws {
        try await withTarget(version: theirs) { target, server in
            _ = try await target.discover(before: deadline)
            _ = try await target.discover(before: deadline)
            let filter = "filters=%7B%22label%22%3A%5B%22autoscale.service%3Dapp%22%5D%7D"
            #expect(
                server.requests.map { $0.prefix { $0 != "\r\n" } } == [
                    "GET /_ping HTTP/1.1",
                    "GET /v\(spoken)/containers/json?all=1&\(filter) HTTP/1.1",
                    "GET /v\(spoken)/containers/json?all=1&\(filter) HTTP/1.1",
                ])
        }
    }

    @Test func `something else that listens there is not taken for Docker`() async throws {
        for version in [nil, "", "new"] {
            try await withTarget(version: version) { target, _ in
                let error = await #expect(throws: TargetError.self) { try await target.discover(before: deadline) }
                guard case .unreadable = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test func `an answer that is not understood is never taken for an empty list`() async throws {
        for body in ["", "{}", "null", "[{\"Id\":1}]", "<html>"] {
            try await withTarget(reply: { _ in CannedServer.answer(body: body) }) { target, _ in
                let error = await #expect(throws: TargetError.self) { try await target.discover(before: deadline) }
                guard case .unreadable(action: "list the containers", _) = error else {
                    Issue.record("\(body): \(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test func `a list that a filter was not applied to shows our service only`() async throws {
        let list = """
            [{"Id":"\(Self.id)","Names":["/other"],"Created":1,"State":"running","Labels":{"autoscale.service":"b"}}]
            """
        try await withTarget(reply: { _ in CannedServer.answer(body: list) }) { target, _ in
            let found = try await target.discover(before: deadline)
            #expect(found == Discovery(backends: []))
        }
    }

    @Test func `a refusal carries Docker's status and words`() async throws {
        try await withTarget(reply: { _ in
            CannedServer.answer(status: 500, body: #"{"message":"disk\nfull"}"#)
        }) { target, _ in
            let refusal = TargetError.refused(action: "remove app_1", message: "disk\nfull (HTTP 500)")
            await #expect(throws: refusal) { try await target.remove(Self.backend(), before: deadline) }
        }
    }

    @Test(arguments: [("stop", 304), ("stop", 404), ("remove", 404), ("remove", 409)])
    func `what is done already is done`(effect: String, status: Int) async throws {
        try await withTarget(reply: { _ in CannedServer.answer(status: status) }) { target, _ in
            switch effect {
            case "stop": try await target.stop(Self.backend(), before: deadline)
            default: try await target.remove(Self.backend(), before: deadline)
            }
        }
    }

    @Test func `an adopted one causes no request at all`() async throws {
        try await withTarget { target, server in
            let adopted = Self.backend(.adopted)
            await #expect(throws: TargetError.self) { try await target.stop(adopted, before: deadline) }
            await #expect(throws: TargetError.self) { try await target.remove(adopted, before: deadline) }
            await #expect(throws: TargetError.self) { try await target.restart(adopted, before: deadline) }
            #expect(server.requests == [])
        }
    }

    @Test(arguments: ["", "../../images", "ab?force=1", String(repeating: "AB", count: 32)])
    func `an id that is not one never reaches a path`(id: String) async throws {
        try await withTarget { target, server in
            await #expect(throws: TargetError.self) { try await target.remove(Self.backend(id: id), before: deadline) }
            #expect(server.requests == [])
        }
    }

    @Test func `a process that can't be seen from here is said, not counted as idle`() async throws {
        let inspection = #"{"State":{"Running":true,"Pid":1}}"#  // ours to see, and not the container's
        try await withTarget(reply: { _ in CannedServer.answer(body: inspection) }) { target, _ in
            let error = await #expect(throws: TargetError.self) {
                try await target.establishedConnections(of: Self.backend(), before: deadline)
            }
            guard case .unreadable(action: "count the connections of app_1", let detail) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(detail.contains("the engine must run on this host"))
        }
    }

    @Test func `over TCP, too`() async throws {
        try await withCannedServer { request in
            CannedServer.answer(headers: ["Api-Version: 1.51"], body: request.contains("_ping") ? "OK" : "[]")
        } _: { server in
            let engine = DockerEngine(try DockerAddress("tcp://127.0.0.1:\(try server.port)"))
            #expect(try engine.containers(labelled: ["a=b c&d"], before: deadline) == [])
            #expect(server.requests.last?.contains("%5B%22a%3Db%20c%26d%22%5D") == true)
        }
    }
}
