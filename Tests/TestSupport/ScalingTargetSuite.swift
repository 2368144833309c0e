import Connections
package import Decisions
package import Fleet
import Host
import Testing

/// What every `ScalingTarget` must do, on the real thing.
///
/// Each function is one test. It starts from a service that has no backends, on a target whose backends answer 200 at
/// `/health`, and removes what it started, also when it fails.
package struct ScalingTargetSuite {
    private let target: any ScalingTarget
    /// The ports that the target gives to its backends.
    private let ports: ClosedRange<UInt16>
    private let deadline = Deadline(after: .seconds(60))

    package init(_ target: any ScalingTarget, ports: ClosedRange<UInt16>) {
        self.target = target
        self.ports = ports
    }

    package func findsNothingAtFirst() async throws {
        #expect(try await target.discover(before: deadline) == Discovery(backends: []))
    }

    package func startsOneThatRunsAndAnswers() async throws {
        try await cleaningUp {
            let backend = try await target.start(operation: "first", created: 1_700_000_000, before: deadline)
            #expect(backend.activity == .running)
            #expect(backend.origin == .managed(operation: "first"))
            #expect(backend.created == 1_700_000_000)
            let address = try #require(backend.address)
            #expect(ports.contains(address.port))
            try await untilReady(backend)
            #expect(try await discovered() == [backend])
        }
    }

    /// Row B4: the next run repeats what a killed one began.
    package func startingAnOperationAgainIsOneBackend() async throws {
        try await cleaningUp {
            let first = try await target.start(operation: "same", created: 1, before: deadline)
            let second = try await target.start(operation: "same", created: 1, before: deadline)
            #expect(second == first)
            #expect(try await discovered().count == 1)
        }
    }

    package func stopsAndMayBeToldTwice() async throws {
        try await cleaningUp {
            let backend = try await target.start(operation: "stopped", created: 1, before: deadline)
            try await untilReady(backend)
            try await target.stop(backend, before: deadline)
            try await target.stop(backend, before: deadline)
            #expect(try await discovered().allSatisfy { $0.activity == .exited && $0.address == nil })
            #expect(try await connections(of: backend) == 0)
        }
    }

    package func removesARunningOneAndMayBeToldTwice() async throws {
        try await cleaningUp {
            let backend = try await target.start(operation: "removed", created: 1, before: deadline)
            try await target.remove(backend, before: deadline)
            try await target.remove(backend, before: deadline)
            #expect(try await discovered() == [])
            try await target.stop(backend, before: deadline)
            #expect(try await connections(of: backend) == 0)
        }
    }

    package func listsTheOldestFirst() async throws {
        try await cleaningUp {
            for (name, created) in [("b1", 2000), ("c1", 1000), ("a1", 2000)] {
                _ = try await target.start(operation: name, created: created, before: deadline)
            }
            let backends = try await discovered()
            #expect(backends.map(\.operation) == ["c1", "a1", "b1"])
            #expect(backends.map(\.created) == [1000, 2000, 2000])
            #expect(Set(backends.map(\.address)).count == 3)
        }
    }

    package func countsWhatIsConnected() async throws {
        try await cleaningUp {
            let backend = try await target.start(operation: "busy", created: 1, before: deadline)
            let address = try #require(backend.address)
            try await untilReady(backend)
            try await untilConnections(of: backend, are: 0)
            var connections = [try TestSocket.connected(port: address.port), try .connected(port: address.port)]
            try await untilConnections(of: backend, are: 2)
            connections.removeLast()
            try await untilConnections(of: backend, are: 1)
            withExtendedLifetime(connections) {}
            connections.removeAll()
            try await untilConnections(of: backend, are: 0)
        }
    }

    package func leavesAPortThatSomebodyListensOn() async throws {
        let foreign = try TestSocket.listening(port: ports.lowerBound)
        try await cleaningUp {
            let backend = try await target.start(operation: "elsewhere", created: 1, before: deadline)
            let address = try #require(backend.address)
            #expect(address.port > ports.lowerBound)
            try await untilReady(backend)
        }
        withExtendedLifetime(foreign) {}
    }

    package func saysThatEveryPortIsTaken() async throws {
        let foreign = try ports.map { try TestSocket.listening(port: $0) }
        try await cleaningUp {
            let range = "\(ports.lowerBound)-\(ports.upperBound)"
            await #expect(throws: TargetError.noFreePort(range: range)) {
                _ = try await target.start(operation: "nowhere", created: 1, before: deadline)
            }
            let backends = try await discovered()
            #expect(backends == [])
        }
        withExtendedLifetime(foreign) {}
    }

    /// Rule R2 of the next run finds nothing to repair.
    package func asksNothingOfATargetWhenTimeIsOver() async throws {
        try await cleaningUp {
            let error = await #expect(throws: TargetError.self) {
                try await target.start(operation: "late", created: 1, before: Deadline(after: .zero))
            }
            if case .timedOut = error {} else { Issue.record("\(String(describing: error))") }
            let backends = try await discovered()
            #expect(backends == [])
        }
    }
}

extension ScalingTargetSuite {
    private func discovered() async throws -> [Backend] {
        try await target.discover(before: deadline).backends
    }

    package func untilReady(_ backend: Backend) async throws {
        let address = try #require(backend.address)
        let request = HTTPRequest(.get, "http://\(address)/health", timeout: .seconds(5), bodyPolicy: .discard)
        try await eventually("\(backend.name) is ready") {
            (try? CurlClient().send(request).status) == 200
        }
    }

    /// `nil` where the target counts none.
    private func connections(of backend: Backend) async throws -> Int? {
        try await target.countsConnections?.establishedConnections(of: backend, before: deadline)
    }

    private func untilConnections(of backend: Backend, are count: Int) async throws {
        try await eventually("\(backend.name) has \(count) connections") {
            try await connections(of: backend) == count
        }
    }

    /// Removes every backend that the body started.
    package func cleaningUp(_ body: () async throws -> Void) async throws {
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        let later = Deadline(after: .seconds(30))
        for backend in try await target.discover(before: later).backends where backend.isManaged {
            try await target.remove(backend, before: later)
        }
        try result.get()
    }
}
