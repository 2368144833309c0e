import Fleet
import Foundation
import Host
import TestSupport
import Testing

/// Goals 3 and 8: nobody notices a step.
@Suite(.sharedDatabase)
struct LoadThroughStepsTests {
    @Test func `no request is lost while processes come and go, and nginx -t never fails`() async throws {
        let isFull = TortureEffort.current == .full
        try await expectNothingLost(
            on: .process, LoadedSteps(height: isFull ? 4 : 3, rounds: isFull ? 5 : 1, requests: isFull ? 100_000 : 0))
    }

    @Test func `no request is lost while containers come and go, and nginx -t never fails`() async throws {
        let isFull = TortureEffort.current == .full
        try await withPrivateDocker { docker in
            let image = try await docker.importSampleBackend()
            try await expectNothingLost(
                on: .docker(docker),
                LoadedSteps(height: isFull ? 4 : 2, rounds: isFull ? 5 : 1, requests: isFull ? 100_000 : 0),
                ["BACKEND_IMAGE": image])
        }
    }

    private func expectNothingLost(
        on target: PrivateService.Target, _ steps: LoadedSteps, _ settings: [String: String] = [:]
    ) async throws {
        var steps = steps
        let own = ["MAX_BACKENDS": "\(steps.height + 1)", "DRAIN_SECONDS": "1"]
        try await withPrivateService(settings.merging(own) { $1 }, on: target) { service in
            _ = try await service.monitor()
            try #require(try service.served()?.count == 1)
            let stop = Once()
            let tests = Task { try await Self.testConfiguration(of: service.nginx, until: stop) }
            defer { stop.happened() }
            let counts = try await SteadyLoad.during(service, slowMilliseconds: 700) { load in
                try await steps.take(service, load)
            }
            stop.happened()
            let tested = try await tests.value
            print(
                "load through steps of \(target.name): \(steps.up) up, \(steps.down) down, \(counts.total) requests "
                    + "(\(counts.new) on new connections, \(counts.kept) on kept ones, \(counts.slow) slow), "
                    + "\(counts.lost.count) lost; kept connections closed: \(counts.closedAfterAnswer) after an answer "
                    + "that said so, \(counts.closedBetween.get) before a GET, \(counts.closedBetween.post) before a "
                    + "POST; nginx -t \(tested.count) times, \(tested.count { $0 != nil }) failed")
            #expect(steps.up == steps.roundsDone * steps.height)
            #expect(steps.down == steps.roundsDone * steps.height)
            #expect(counts.lost == [])
            #expect(counts.slow >= (steps.rounds > 1 ? 100 : 1) && counts.kept > 0)
            #expect(tested.compactMap(\.self) == [])
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

/// From one backend up and down again, round after round.
private struct LoadedSteps {
    /// Steps up, and then down, in a round.
    let height: Int
    let rounds: Int
    /// On new connections, at least.
    let requests: Int
    private(set) var roundsDone = 0
    private(set) var up = 0
    private(set) var down = 0

    init(height: Int, rounds: Int, requests: Int) {
        self.height = height
        self.rounds = rounds
        self.requests = requests
    }

    mutating func take(_ service: PrivateService, _ load: SteadyLoad) async throws {
        while roundsDone < rounds || load.newConnections < requests {
            roundsDone += 1
            try service.load(150)
            try await run(service, until: height + 1)
            try service.load(1)
            try await run(service, until: 1)
        }
    }

    /// Runs of the built binary until that many backends are served, and no other is left.
    private mutating func run(_ service: PrivateService, until count: Int) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(90))
        while try service.served()?.count != count || service.backends().count + service.containers().count != count {
            guard ContinuousClock.now < deadline else { throw PrivateServerFailure("not \(count) backends after 90 s") }
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run.stdout)")
            if run.stdout.contains("State: SCALING UP") { up += 1 }
            if run.stdout.contains("State: SCALING DOWN") { down += 1 }
        }
    }
}

extension PrivateService.Target {
    fileprivate var name: String {
        switch self {
        case .process: "processes"
        case .docker: "containers"
        }
    }
}
