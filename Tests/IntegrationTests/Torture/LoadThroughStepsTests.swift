import AutoscaleCore
import Foundation
import TestSupport
import Testing

/// Goals 3 and 8: nobody notices a step.
@Suite(.sharedDatabase)
struct LoadThroughStepsTests {
    private struct Steps {
        var up = 0
        var down = 0
    }

    @Test func `no request is lost while the fleet grows and shrinks, and nginx -t never fails`() async throws {
        let isFull = TortureEffort.current == .full
        let height = isFull ? 4 : 3
        try await withPrivateService(["MAX_BACKENDS": "\(height + 1)", "DRAIN_SECONDS": "1"]) { service in
            _ = try await service.monitor()
            try #require(try service.served()?.count == 1)
            let stop = Once()
            let tests = Task { try await Self.testConfiguration(of: service.nginx, until: stop) }
            defer { stop.happened() }
            var rounds = 0
            var steps = Steps()
            let counts = try await SteadyLoad.during(service, slowMilliseconds: 700) { load in
                repeat {
                    rounds += 1
                    try service.load(150)
                    try await Self.run(service, until: height + 1, &steps)
                    try service.load(1)
                    try await Self.run(service, until: 1, &steps)
                } while isFull && (rounds < 5 || load.newConnections < 100_000)
            }
            stop.happened()
            let tested = try await tests.value
            print(
                "load through steps: \(steps.up) up, \(steps.down) down, \(counts.total) requests (\(counts.new) on "
                    + "new connections, \(counts.kept) on kept ones, \(counts.slow) slow), \(counts.lost.count) lost, "
                    + "\(counts.closedBetween) kept connections closed between requests; nginx -t \(tested.count) times, "
                    + "\(tested.count { $0 != nil }) failed")
            #expect(steps.up == rounds * height)
            #expect(steps.down == rounds * height)
            #expect(counts.lost == [])
            #expect(counts.slow > 0 && counts.kept > 0)
            #expect(tested.compactMap(\.self) == [])
        }
    }

    /// Runs of the built binary until that many backends are served, and no other is left.
    private static func run(_ service: PrivateService, until count: Int, _ steps: inout Steps) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(90))
        while try service.served()?.count != count || service.backends().count != count {
            guard ContinuousClock.now < deadline else { throw PrivateServerFailure("not \(count) backends after 90 s") }
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run.stdout)")
            if run.stdout.contains("State: SCALING UP") { steps.up += 1 }
            if run.stdout.contains("State: SCALING DOWN") { steps.down += 1 }
        }
    }

    /// As somebody else's reload would find the file, every 20 ms.
    /// - Returns: a sentence for each test that failed, `nil` for each that passed.
    private static func testConfiguration(of nginx: PrivateNginx, until stop: Once) async throws -> [String?] {
        var results: [String?] = []
        while !stop.hasHappened {
            let test = try await ChildProcess.run(CommandWords(nginx.testCommand), timeout: .seconds(20))
            results.append(test.termination.isSuccess ? nil : test.lastWords())
            try await Task.sleep(for: .milliseconds(20))
        }
        return results
    }
}
