import AutoscaleCore
import Decisions
import FoundationEssentials
import SystemPackage

/// Everything of ours that reads what others wrote. The first byte of an input chooses the parser.
package enum FuzzedParser: UInt8, CaseIterable, Sendable {
    case configuration = 0x63  // c
    case commandWords = 0x77  // w
    case serverAddress = 0x61  // a
    case balancingMethod = 0x62  // b
    case dockerAddress = 0x65  // e
    case dockerVersion = 0x76  // v
    case dockerList = 0x64  // d
    case dockerInspection = 0x69  // i
    case upstreamFile = 0x75  // u
    case upstreamStatus = 0x6C  // l
    case stateFile = 0x73  // s
    case history = 0x68  // h
    case processorCounters = 0x70  // p
    case memory = 0x6D  // m
    case sockets = 0x74  // t
    case processStatus = 0x6F  // o
    case processEnvironment = 0x6E  // n
    case postgresFailure = 0x66  // f
    case httpReply = 0x72  // r
    case storeAnswer = 0x78  // x

    /// Reads the input and uses what was read as a run uses it. That it returns at all is what is tested.
    package func feed(_ bytes: [UInt8], through server: ReplyServer) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch self {
        case .configuration: Self.configure(text)
        case .commandWords:
            guard let words = try? CommandWords(text) else { return }
            precondition((try? CommandWords(words.description)) == words, "printed and read again, it is the same")
        case .serverAddress:
            _ = ServerAddress(host: text, port: 80)
            guard let address = ServerAddress(text) else { return }
            precondition(ServerAddress(address.description) == address, "printed and read again, it is the same")
        case .balancingMethod:
            guard let method = BalancingMethod(text) else { return }
            precondition(BalancingMethod(method.description) == method, "printed and read again, it is the same")
        case .dockerAddress:
            guard let address = try? DockerAddress(text) else { return }
            precondition((try? DockerAddress(address.description)) == address, "printed and read again, it is the same")
        case .dockerVersion: _ = DockerVersion(text).flatMap { DockerVersion.spoken(withNewestOfTheirs: $0) }
        case .dockerList:
            _ = try? JSONDecoder().decode([DockerContainerUse].self, from: Data(bytes)).map(\.images)
            _ = try? JSONDecoder().decode([DockerImage].self, from: Data(bytes)).map(\.references)
            _ = try? JSONDecoder().decode([DockerVolume].self, from: Data(bytes)).map(\.isAnonymous)
            guard let containers = try? JSONDecoder().decode([DockerContainer].self, from: Data(bytes)) else { return }
            for addressing in [DockerTarget.Settings.Addressing.published, .network] {
                Self.plan(DockerTarget.Settings(service: "chat", addressing: addressing).discovery(of: containers))
            }
        case .dockerInspection:
            _ = try? JSONDecoder().decode(DockerInspection.self, from: Data(bytes))
            _ = try? JSONDecoder().decode(DockerIdleTime.self, from: Data(bytes)).since
            _ = try? JSONDecoder().decode(DockerUsage.self, from: Data(bytes)).buildCache.map(\.lastUsed)
        case .upstreamFile: _ = UpstreamFile.servers(in: bytes)
        case .upstreamStatus: _ = LiveUpstream(HTTPResponse(status: 200, body: bytes))
        case .stateFile:
            guard case .state(let state)? = try? StateFile("/state.json").read(bytes, for: "app") else { return }
            Self.run(after: state)
        case .history: _ = HistoryFolder.last(in: bytes)?.start
        case .processorCounters:
            guard let counters = try? CPUCounters(stat: text, path: "/proc/stat", bootID: text, taken: 1) else {
                return
            }
            _ = counters.percent(until: Self.counters)
        case .memory: _ = try? HostLoad.usedPercent(meminfo: text, path: "/proc/meminfo")
        case .sockets: _ = SocketTable(text: text).listeningPorts
        case .processStatus: _ = ProcessTable.Status(line: bytes)?.identity.description
        case .processEnvironment: _ = ProcessTable.strings(in: bytes)
        case .postgresFailure: _ = PostgresFailure(connectionText: text).description
        case .storeAnswer: _ = (try? XMLElement(bytes))?.child("Key")?.text
        case .httpReply:
            let request = HTTPRequest(.get, server.url, timeout: .seconds(5))
            guard let response = try? server.answering(bytes, { try CurlClient().send(request) }) else { return }
            _ = response.header("Api-Version").flatMap { DockerVersion($0) }
            _ = LiveUpstream(response)
        }
    }

    private static func configure(_ text: String) {
        do throws(ConfigurationError) {
            let configuration = try Configuration(
                text: text, path: "autoscale.conf", base: "/opt/autoscale", environment: [:])
            _ = configuration.entries.map { $0.text ?? "" }.joined()
        } catch {
            _ = error.description
        }
    }

    private static let time = Moment(wall: 1_700_000_000, sinceBoot: 500_000, boot: "b")
    private static let counters = CPUCounters(bootID: "b", total: 100_000, idle: 50_000, taken: 500)

    /// What a run does with the memory of the ones before it.
    private static func run(after state: State) {
        _ = state.cpu.map { $0.percent(until: counters) }
        let names = Array(state.history.backends.keys.sorted().prefix(4)) + ["app_backend_1"]
        let activities: [Backend.Activity] = [.running, .exited, .running, .running, .running]
        let healths: [Health] = [.unhealthy("HTTP 500"), .unprobed, .refused, .ready, .ready]
        let backends = names.enumerated().map { index, name in
            ObservedBackend(
                backend: Backend(
                    id: name, name: name, origin: .managed(operation: name), created: index,
                    activity: activities[index], address: .loopback(port: UInt16(3000 + index))),
                health: healths[index])
        }
        var history = state.history.correctingFutureStamps(at: time)
        let served = Set(backends.compactMap(\.backend.address))
        var plan = RepairPlan(
            for: ObservedFleet(backends: backends, served: served, drainingConnections: 0), history: history,
            policy: RepairPolicy(backends: 1...4), now: time)
        plan = RepairPlan(
            for: ObservedFleet(backends: backends, served: nil), history: plan.history,
            policy: RepairPolicy(backends: 3...9), now: time)
        let policy = ScalingPolicy(bands: [.cpu: .init(minimum: 20, maximum: 80)], backends: 1...9, upSamples: 3)
        for value in [10, 90] {
            let decision = policy.decide(
                Sample(time: time, readings: [.cpu: .value(value)]),
                fleet: FleetSituation(counted: 3, readyWithoutVictim: 2), after: history)
            _ = decision.limits.map { $0.sentence(in: .english) }
        }
        history.recordFailedStart(at: time)
        _ = StableJSON.bytes(State(service: "app", history: history, cpu: state.cpu), pretty: true)
        _ = StableJSON.bytes(State(service: "app", history: plan.history))
    }

    /// What a run does with what was discovered.
    private static func plan(_ discovery: Discovery) {
        let fleet = ObservedFleet(
            backends: discovery.backends.map { ObservedBackend(backend: $0, health: .ready) }, served: nil)
        let plan = RepairPlan(for: fleet, history: .init(), policy: RepairPolicy(backends: 1...4), now: time)
        _ = plan.history.backends.count
        let status = UpstreamConfiguration.Name("chat").flatMap { name in
            ServerAddress.loopback(port: 8080).map {
                UpstreamConfiguration.StatusServer(listen: $0, service: name)
            }
        }
        guard let status else { return }
        _ =
            UpstreamConfiguration(
                name: status.service, servers: discovery.backends.compactMap(\.address), method: .leastConnections,
                keepalive: 32, maxFails: 3, failTimeout: 30, status: status)?.text
    }
}
