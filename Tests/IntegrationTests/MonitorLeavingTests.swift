import Decisions
import Foundation
import Host
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// What does not answer may still be at work: whatever leaves is out of the upstream first, then asked to end, and not
/// while it holds connections.
@Suite(.sharedDatabase, .timeLimit(.minutes(3)))
struct MonitorLeavingTests {
    @Test func `a backend that turns unhealthy with a request under way is asked to end after it has answered`()
        async throws
    {
        try await withPrivateService { service in
            let mark = service.folder.appending("sick").string
            try service.configure([
                "MIN_BACKENDS": "2", "HEALTH_RETRIES": "1",
                "BACKEND_COMMAND":
                    "sh -c 'exec \(BuiltBinary("sample-backend").path) --unhealthy-when \(mark).$PORT'",
            ])
            let (victim, request) = try await serveSlowly(service)
            #expect(FileManager.default.createFile(atPath: "\(mark).\(victim.port)", contents: nil))

            let first = try await service.monitor()
            #expect(first.status == 0, "\(first.stdout)")
            #expect(try service.served()?.contains { $0.port == victim.port } == false, "\(first.stdout)")
            let second = try await service.monitor()
            #expect(second.status == 0, "\(second.stdout)")
            #expect(
                second.stdout.contains("gets no more requests; waiting for 1 connection to close"), "\(second.stdout)")
            #expect(!second.stdout.contains("Stopping backend"), "\(second.stdout)")
            #expect(ProcessTable.isRunning(victim.identity))
            #expect(request.status == nil, "the request was under way all the time")
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
            try await expectLeft(victim, after: request, service)
        }
    }

    @Test func `a backend that the operator asks to end finishes its request, whatever a run finds meanwhile`()
        async throws
    {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            let (victim, request) = try await serveSlowly(service)
            try ProcessTable.send(SIGTERM, to: victim.identity)
            try await eventually("it takes no connections any more") {
                try !SocketTable().listeningPorts.contains(victim.port)
            }
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run.stdout)")
            #expect(!run.stdout.contains("Stopping backend"), "\(run.stdout)")
            #expect(try service.served()?.contains { $0.port == victim.port } == false, "\(run.stdout)")
            #expect(ProcessTable.isRunning(victim.identity))
            #expect(request.status == nil, "the request was under way all the time")
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
            try await expectLeft(victim, after: request, service)
        }
    }

    // MARK: The one that leaves

    private struct Victim {
        let identity: ProcessTable.Identity
        let port: UInt16
    }

    /// Two backends, and a request that one of them is at work on.
    private func serveSlowly(_ service: PrivateService) async throws -> (Victim, SlowRequest) {
        // As for a POST: what one backend has begun, NGINX asks no other for.
        let configuration = try String(contentsOfFile: service.nginx.configuration.string, encoding: .utf8)
        try configuration.replacing("http {\n", with: "http {\n    proxy_next_upstream off;\n")
            .write(toFile: service.nginx.configuration.string, atomically: true, encoding: .utf8)
        #expect(try await service.monitor().status == 0)
        #expect(try service.served()?.count == 2)
        let backends = try service.backends().map { backend in
            let environment = try ProcessTable.environment(
                of: backend.identity.pid, containing: "AUTOSCALE_SERVICE=\(service.name)")
            return Victim(
                identity: backend.identity, port: try #require(environment?["PORT"].flatMap { UInt16($0) }))
        }
        let request = SlowRequest("/slow?ms=6000", to: service)
        var busy: Victim?
        try await eventually("one of them has the request") {
            let sockets = try SocketTable()
            busy = backends.first { sockets.established(onPort: $0.port) > 0 }
            return busy != nil
        }
        return (try #require(busy), request)
    }

    private func expectLeft(_ victim: Victim, after request: SlowRequest, _ service: PrivateService) async throws {
        try await eventually("it is gone", within: .seconds(30)) {
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run.stdout)")
            guard !ProcessTable.isRunning(victim.identity) else { return false }
            // The answer and the end are not seen at one instant: it may take a moment on its way through NGINX.
            try await eventually("the answer came with it") { request.status != nil }
            return true
        }
        #expect(request.status == 200)
        try await eventually("two serve, and nobody else is left") {
            #expect(try await service.monitor().status == 0)
            return try service.served()?.count == 2 && service.backends().count == 2
        }
    }
}

/// A request through NGINX that takes its time, asked on a thread of its own.
private final class SlowRequest: Sendable {
    private let answer = Mutex<Int?>(nil)

    init(_ path: String, to service: PrivateService) {
        Thread.detachNewThread { [self] in
            let status = service.ask(path).first
            answer.withLock { $0 = status }
        }
    }

    /// `nil` until it is answered; 0 where it was cut.
    var status: Int? { answer.withLock(\.self) }
}
