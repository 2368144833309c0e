import Connections
import Decisions
import Fleet
import Host
import TestSupport
import Testing

@Suite(.privateDocker, .timeLimit(.minutes(3)))
struct DockerTargetTests {
    let docker: PrivateDocker
    let service = "s\(UInt32.random(in: 0...UInt32.max))"
    let ports: ClosedRange<UInt16>
    let deadline = Deadline(after: .seconds(60))

    init() throws {
        docker = try #require(PrivateDocker.current)
        ports = try freePorts(5)
    }

    private var settings: DockerTarget.Settings {
        .init(service: service, image: TestImage.ready.name, hostPorts: ports, stopTimeout: .seconds(5))
    }

    private var target: DockerTarget { DockerTarget(settings, engine: docker.engine) }

    private var suite: ScalingTargetSuite { ScalingTargetSuite(target, ports: ports) }

    @Test func `finds nothing at first`() async throws { try await suite.findsNothingAtFirst() }
    @Test func `starts one that runs and answers`() async throws { try await suite.startsOneThatRunsAndAnswers() }
    @Test func `starting an operation again is one backend`() async throws {
        try await suite.startingAnOperationAgainIsOneBackend()
    }
    @Test func `stops, and may be told twice`() async throws { try await suite.stopsAndMayBeToldTwice() }
    @Test func `removes a running one, and may be told twice`() async throws {
        try await suite.removesARunningOneAndMayBeToldTwice()
    }
    @Test func `lists the oldest first`() async throws { try await suite.listsTheOldestFirst() }
    @Test func `counts what is connected`() async throws { try await suite.countsWhatIsConnected() }
    @Test func `leaves a port that somebody listens on`() async throws {
        try await suite.leavesAPortThatSomebodyListensOn()
    }
    @Test func `says that every port is taken`() async throws { try await suite.saysThatEveryPortIsTaken() }
    @Test func `asks nothing of Docker when time is over`() async throws {
        try await suite.asksNothingOfATargetWhenTimeIsOver()
    }
}

// MARK: What only containers do

extension DockerTargetTests {
    @Test func `B1: one that was created and never started is listed, and removed when told`() async throws {
        try await docker.docker(
            "create", "--name", "\(service)_made", "--label", "autoscale.service=\(service)",
            "--label", "autoscale.managed=true", "--label", "autoscale.op=\(service)_made", TestImage.ready.name)
        let backend = try #require(try await target.discover(before: deadline).backends.first)
        #expect(backend.activity == .created)
        #expect(backend.operation == "\(service)_made")
        #expect(backend.address == nil)
        try await target.remove(backend, before: deadline)
        #expect(try await target.discover(before: deadline).backends == [])
    }

    @Test func `an operation that was killed between create and start is taken up`() async throws {
        try await suite.cleaningUp {
            let first = try await target.start(operation: "\(service)_1", created: 5, before: deadline)
            try await target.stop(first, before: deadline)
            let second = try await target.start(operation: "\(service)_1", created: 9, before: deadline)
            #expect(second.id == first.id)
            #expect(second.created == 5)
            #expect(second.address == first.address)
            #expect(second.life != first.life, "the container is the same, and it has been started anew")
        }
    }

    @Test func `an exited one starts again where it was`() async throws {
        try await suite.cleaningUp {
            let backend = try await target.start(operation: "\(service)_1", created: 5, before: deadline)
            try await target.stop(backend, before: deadline)
            let again = try await target.restart(backend, before: deadline)
            #expect(again.id == backend.id)
            #expect(again.address == backend.address)
            #expect(again.life != backend.life)
            #expect(try await target.restart(backend, before: deadline) == again, "it runs: nothing is done")
            try await suite.untilReady(again)
        }
    }

    @Test func `the port of a stopped backend is kept for it`() async throws {
        try await suite.cleaningUp {
            let first = try await target.start(operation: "\(service)_1", created: 1, before: deadline)
            try await target.stop(first, before: deadline)
            let second = try await target.start(operation: "\(service)_2", created: 2, before: deadline)
            #expect(first.address?.port == ports.lowerBound)
            #expect(second.address?.port == ports.lowerBound + 1)
        }
    }

    @Test func `B3: a port that only Docker finds taken is left for the next one`() async throws {
        let held = try TestSocket.holding(port: ports.lowerBound)  // in no list of listeners
        try await suite.cleaningUp {
            let backend = try await target.start(operation: "\(service)_1", created: 1, before: deadline)
            #expect(backend.address?.port == ports.lowerBound + 1)
            #expect(backend.name == "\(service)_1")
            #expect(try await target.discover(before: deadline).backends == [backend])
        }
        withExtendedLifetime(held) {}
    }

    @Test func `B3: three ports that only Docker finds taken are enough, and nothing stays`() async throws {
        let held = try ports.prefix(3).map { try TestSocket.holding(port: $0) }
        let range = "\(ports.lowerBound)-\(ports.upperBound)"
        await #expect(throws: TargetError.noFreePort(range: range)) {
            try await target.start(operation: "\(service)_1", created: 1, before: deadline)
        }
        #expect(try await target.discover(before: deadline).backends == [])
        withExtendedLifetime(held) {}
    }

    @Test func `B4: a name that somebody else holds stays theirs`() async throws {
        let name = "\(service)_1"
        let theirs = try await docker.docker("run", "--detach", "--name", name, TestImage.ready.name)
        try await suite.cleaningUp {
            let backend = try await target.start(operation: name, created: 1, before: deadline)
            #expect(backend.name == "\(name)-2")
            #expect(backend.operation == name)
            #expect(try await target.start(operation: name, created: 1, before: deadline) == backend)
        }
        #expect(try await docker.docker("inspect", "--format", "{{.Id}} {{.State.Running}}", name) == "\(theirs) true")
        try await docker.docker("rm", "--force", name)
    }

    @Test func `an adopted one is found at its port, and never touched`() async throws {
        let name = "\(service)-backend-1"
        try await docker.docker(
            "run", "--detach", "--name", name, "--label", "autoscale.service=\(service)",
            "--label", "com.docker.compose.service=backend", "--publish", "\(ports.upperBound):3000",
            TestImage.ready.name)
        let backend = try #require(try await target.discover(before: deadline).backends.first)
        #expect(backend.origin == .adopted)
        #expect(backend.address == ServerAddress.loopback(port: ports.upperBound))
        try await suite.untilReady(backend)
        #expect(try await target.establishedConnections(of: backend, before: deadline) >= 0)
        for (action, effect) in [
            ("stop", { try await target.stop(backend, before: deadline) }),
            ("remove", { try await target.remove(backend, before: deadline) }),
            ("start", { _ = try await target.restart(backend, before: deadline) }),
        ] as [(String, () async throws -> Void)] {
            await #expect(throws: TargetError.adopted(action: "\(action) \(name)")) { try await effect() }
        }
        #expect(try await docker.docker("inspect", "--format", "{{.State.Running}}", name) == "true")
        try await docker.docker("rm", "--force", name)
    }

    @Test(
        "What only bears the labels of a backend is none, and is left alone",
        arguments: ["one-off", "committed image", "labels of a file"])
    func copiedLabels(how: String) async throws {
        try await suite.cleaningUp {
            let backend = try await target.start(operation: "\(service)_1", created: 1, before: deadline)
            let name = "\(service)-copy"
            let image = "autoscale-test:\(service)"
            switch how {
            case "one-off":
                try await docker.docker(
                    "run", "--detach", "--name", name, "--label", "autoscale.service=\(service)", "--label",
                    "com.docker.compose.oneoff=True", TestImage.ready.name)
            case "committed image":
                try await docker.docker("commit", backend.name, image)
                try await docker.docker("run", "--detach", "--name", name, image)
            default:
                let labels = try await docker.docker(
                    "inspect", "--format", "{{range $k, $v := .Config.Labels}}{{$k}}={{$v}}{{println}}{{end}}",
                    backend.name)
                let words = labels.split(separator: "\n").flatMap { ["--label", String($0)] }
                try await docker.docker(["run", "--detach", "--name", name] + words + [TestImage.ready.name])
            }
            let found = try await target.discover(before: deadline)
            #expect(found.backends == [backend])
            #expect(found.warnings.count == (how == "one-off" ? 0 : 1))
            #expect(try await target.start(operation: "\(service)_1", created: 1, before: deadline) == backend)
            // Nor when the one that they were copied from is gone.
            try await target.remove(backend, before: deadline)
            #expect(try await target.discover(before: deadline).backends == [])
            #expect(try await docker.docker("inspect", "--format", "{{.State.Running}}", name) == "true")
            try await docker.docker("rm", "--force", name)
        }
    }

    @Test func `an adopted one on the host's network is found at 127.0.0.1, unless NGINX could not reach it there`()
        async throws
    {
        let name = "\(service)-host"
        try await docker.docker(
            "run", "--detach", "--name", name, "--network", "host", "--env", "PORT=\(ports.upperBound)", "--label",
            "autoscale.service=\(service)", TestImage.ready.name)
        var settings = settings
        settings.backendPort = ports.upperBound
        let backend = try #require(
            try await DockerTarget(settings, engine: docker.engine).discover(before: deadline).backends.first)
        #expect(backend.address == ServerAddress.loopback(port: ports.upperBound))
        try await suite.untilReady(backend)
        settings.addressing = .network
        let found = try await DockerTarget(settings, engine: docker.engine).discover(before: deadline)
        #expect(found.backends.map(\.address) == [nil])
        #expect(found.warnings.first?.english.contains("has the host's network") == true)
        try await docker.docker("rm", "--force", name)
    }

    /// Whoever they belong to: their owner finds them taken when he starts his container again.
    @Test func `ports that stopped containers publish are theirs`() async throws {
        let bindings = ["127.0.0.1:\(ports.lowerBound):3000", "\(ports.lowerBound + 1)-\(ports.lowerBound + 2):80-81"]
        for (number, binding) in bindings.enumerated() {
            let label = number == 0 ? ["--label", "autoscale.service=\(service)"] : []
            try await docker.docker(
                ["create", "--name", "\(service)-theirs-\(number)", "--publish", binding] + label
                    + [TestImage.ready.name])
        }
        try await suite.cleaningUp {
            let backend = try await target.start(operation: "\(service)_1", created: 1, before: deadline)
            #expect(backend.address?.port == ports.lowerBound + 3)
            for number in bindings.indices { try await docker.docker("start", "\(service)-theirs-\(number)") }
        }
        for number in bindings.indices { try await docker.docker("rm", "--force", "\(service)-theirs-\(number)") }
    }

    @Test func `network: the container's own address, and nothing published`() async throws {
        var settings = settings
        settings.addressing = .network
        settings.network = "bridge"
        settings.backendPort = 3100
        settings.environment = ["PORT": "3100"]
        let target = DockerTarget(settings, engine: docker.engine)
        try await suite.cleaningUp {
            let backend = try await target.start(operation: "\(service)_1", created: 1, before: deadline)
            #expect(backend.address?.port == 3100)
            #expect(backend.address?.description.hasPrefix("172.31.") == true)
            try await suite.untilReady(backend)
            #expect(try await docker.docker("port", backend.name) == "")
        }
    }

    @Test func `limits, restart policy and environment reach the container`() async throws {
        var settings = settings
        settings.cpus = 0.5
        settings.memoryBytes = 64 << 20
        settings.memoryReservationBytes = 32 << 20
        settings.environment = ["GREETING": "a b=\"c\" ñ", "PORT": "3000"]
        let target = DockerTarget(settings, engine: docker.engine)
        try await suite.cleaningUp {
            let backend = try await target.start(operation: "\(service)_1", created: 1, before: deadline)
            let format = """
                {{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.HostConfig.MemoryReservation}} \
                {{.HostConfig.RestartPolicy.Name}} {{index .Config.Env 0}}
                """
            let seen = try await docker.docker("inspect", "--format", format, backend.name)
            #expect(seen == "500000000 67108864 33554432 unless-stopped GREETING=a b=\"c\" ñ")
        }
    }

    @Test func `an image that is not there is named, and nothing stays`() async throws {
        var settings = settings
        settings.image = "registry.example:5000/chat/backend:7"
        let target = DockerTarget(settings, engine: docker.engine)
        let detail = try await nothingToStart(target)
        #expect(detail.contains("registry.example:5000/chat/backend:7"))
        #expect(detail.contains("BACKEND_IMAGE"))
        #expect(try await target.discover(before: deadline).backends == [])
    }

    @Test func `no image configured: only a start needs one`() async throws {
        var settings = settings
        settings.image = nil
        let target = DockerTarget(settings, engine: docker.engine)
        #expect(try await target.discover(before: deadline).backends == [])
        #expect(try await nothingToStart(target).contains("BACKEND_IMAGE"))
    }

    @Test func `a network that is not there: Docker's own words, and nothing stays`() async throws {
        var settings = settings
        settings.network = "nowhere"
        let target = DockerTarget(settings, engine: docker.engine)
        let error = await failureToStart(target)
        guard case .refused(_, let message) = error else {
            throw PrivateServerFailure("not refused: \(String(describing: error))")
        }
        #expect(message.contains("nowhere"))
        #expect(try await target.discover(before: deadline).backends == [])
    }

    @Test func `B10: one that exits at once is seen as not running, and can be removed`() async throws {
        var settings = settings
        settings.image = TestImage.exits.name
        let target = DockerTarget(settings, engine: docker.engine)
        try await suite.cleaningUp {
            _ = try await target.start(operation: "\(service)_1", created: 1, before: deadline)
            try await eventually("it is seen between two lives") {
                let backend = try await target.discover(before: deadline).backends.first
                return backend?.activity == .restarting && backend?.address == nil
            }
        }
        #expect(try await target.discover(before: deadline).backends == [])
    }

    @Test func `a frozen one is left alone`() async throws {
        try await suite.cleaningUp {
            let backend = try await target.start(operation: "\(service)_1", created: 1, before: deadline)
            try await docker.docker("pause", backend.name)
            let frozen = try #require(try await target.discover(before: deadline).backends.first)
            #expect(frozen.activity == .frozen)
            #expect(frozen.address == nil)
            try await docker.docker("unpause", backend.name)
        }
    }

    @Test func `the test images are what they say`() async throws {
        try await suite.cleaningUp {
            var settings = settings
            settings.image = TestImage.fickle.name
            let fickle = try await DockerTarget(settings, engine: docker.engine)
                .start(operation: "\(service)_1", created: 1, before: deadline)
            settings.image = TestImage.neverReady.name
            let never = try await DockerTarget(settings, engine: docker.engine)
                .start(operation: "\(service)_2", created: 1, before: deadline)
            try await suite.untilReady(fickle)
            try await docker.docker("exec", fickle.name, "touch", "/sick")
            for backend in [fickle, never] {
                let address = try #require(backend.address)
                let request = HTTPRequest(.get, "http://\(address)/health", timeout: .seconds(5))
                try await eventually("\(backend.name) is not ready") {
                    (try? CurlClient().send(request).status) == 404
                }
            }
        }
    }
}

// MARK: What is refused

extension DockerTargetTests {
    private func failureToStart(_ target: DockerTarget) async -> TargetError? {
        await #expect(throws: TargetError.self) {
            try await target.start(operation: "\(service)_1", created: 1, before: deadline)
        }
    }

    private func nothingToStart(_ target: DockerTarget) async throws -> String {
        let error = await failureToStart(target)
        guard case .nothingToStart("create \(service)_1", let detail) = error else {
            throw PrivateServerFailure("there was something: \(String(describing: error))")
        }
        return detail
    }
}
