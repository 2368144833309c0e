import Backups
import Connections
import Decisions
import Fleet
import FoundationEssentials
import Host
import Reporting
import Settings
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
    case reportedNumber = 0x71  // q
    case httpReply = 0x72  // r
    case storeAnswer = 0x78  // x
    case storeCredentials = 0x6B  // k
    case backupManifest = 0x6A  // j
    case backupName = 0x67  // g
    case dumpRows = 0x79  // y
    case alertBook = 0x7A  // z
    case dockerContainerUse = 0x43  // C
    case dockerImages = 0x49  // I
    case dockerVolumes = 0x56  // V
    case dockerUsage = 0x55  // U
    case historyDay = 0x48  // H

    /// The bytes that its reader lets through, where it has a limit.
    package var largestInput: Int? {
        switch self {
        case .configuration: SettingsFile.largest
        case .commandWords: CommandWords.longest
        case .serverAddress: ServerAddress.longest
        case .balancingMethod: BalancingMethod.lengthLimit - 1
        case .dockerAddress: DockerAddress.longest
        case .dockerList: DockerEngine.largestList
        case .dockerInspection: DockerEngine.largestAnswer
        case .upstreamStatus: UpstreamStatus.largestAnswer
        case .stateFile: StateFile.largest
        case .processStatus: ProcessTable.Status.longestLine
        case .postgresFailure, .reportedNumber: PostgresConnection.longestText
        case .storeAnswer: XMLElement.longest
        case .storeCredentials: StoreCredentials.largest
        case .backupName: BackupName.longest
        case .alertBook: AlertFile.largest
        case .dockerContainerUse, .dockerImages, .dockerVolumes: DockerEngine.largestInventory
        case .dockerUsage: DockerEngine.largestUsage
        case .dockerVersion, .historyDay, .upstreamFile, .history, .processorCounters, .memory,
            .sockets, .processEnvironment, .httpReply, .backupManifest, .dumpRows:
            nil
        }
    }

    /// Reads the input and uses what was read as a run uses it. That it returns at all is what is tested.
    package func feed(_ bytes: [UInt8], through server: ReplyServer) {
        var text: String { String(decoding: bytes, as: UTF8.self) }
        switch self {
        case .configuration: Self.configure(text)
        case .commandWords:
            guard let words = try? CommandWords(text) else { return }
            let printed = words.description
            guard printed.utf8.count <= CommandWords.longest else { return }  // quotes make it longer
            precondition((try? CommandWords(printed)) == words, "printed and read again, it is the same")
        case .serverAddress:
            let text = String(decoding: bytes, as: UTF8.self)
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
            guard bytes.count <= DockerEngine.largestList,
                let containers = try? OutsideJSON.decode([DockerContainer].self, from: bytes)
            else { return }
            for addressing in [DockerTarget.Settings.Addressing.published, .network] {
                Self.plan(DockerTarget.Settings(service: "chat", addressing: addressing).discovery(of: containers))
            }
        case .dockerInspection:
            guard bytes.count <= DockerEngine.largestAnswer else { return }
            _ = try? OutsideJSON.decode(DockerInspection.self, from: bytes)
            _ = (try? OutsideJSON.decode(DockerIdleTime.self, from: bytes))?.since
        case .dockerContainerUse: _ = try? OutsideJSON.decode([DockerContainerUse].self, from: bytes).map(\.images)
        case .dockerImages:
            _ = try? OutsideJSON.decode([DockerImage].self, from: bytes).map { ($0.references, $0.names) }
        case .dockerVolumes: _ = try? OutsideJSON.decode([DockerVolume].self, from: bytes).map(\.isAnonymous)
        case .dockerUsage: _ = try? OutsideJSON.decode(DockerUsage.self, from: bytes).buildCache.map(\.lastUsed)
        case .upstreamFile: _ = UpstreamFile.servers(in: bytes)
        case .upstreamStatus:
            guard bytes.count <= UpstreamStatus.largestAnswer else { return }
            _ = StatusAnswer(HTTPResponse(status: 200, body: bytes))
        case .stateFile:
            guard case .state(let state)? = try? StateFile("/state.json").read(bytes, for: "app") else { return }
            Self.run(after: state)
        case .history: _ = HistoryFolder.last(in: bytes)?.start
        case .historyDay:
            for line in bytes.pieces(separatedBy: { $0 == UInt8(ascii: "\n") }) { _ = FleetSize(line: line)?.time }
        case .alertBook: Self.alert(after: AlertFile.book(in: bytes))
        case .processorCounters:
            guard let counters = try? CPUCounters(stat: bytes, path: "/proc/stat", bootID: "b", taken: 1) else {
                return
            }
            _ = counters.percent(until: Self.counters)
        case .memory: _ = try? HostLoad.usedPercent(meminfo: bytes, path: "/proc/meminfo")
        case .sockets: _ = SocketTable(bytes).listeningPorts
        case .processStatus:
            guard bytes.count <= ProcessTable.Status.longestLine else { return }
            _ = ProcessTable.Status(line: bytes)?.identity.description
        case .processEnvironment:
            let words = ProcessTable.strings(in: bytes)
            _ = try? CommandWords("/bin/program A=b").isRun(by: words)
            _ = ProcessTable.environment(bytes, containing: words.last.map(String.init) ?? "A=b")
        case .postgresFailure:
            guard bytes.count <= PostgresConnection.longestText else { return }
            _ = PostgresFailure(connectionText: text).description
        case .reportedNumber:
            guard bytes.count <= PostgresConnection.longestText else { return }
            _ = ReportedNumber(PostgresRows(columns: 1, rows: [[text]], count: 1)).reading
        case .storeAnswer: Self.compare(try? XMLElement(bytes))
        case .storeCredentials:
            guard bytes.count <= StoreCredentials.largest else { return }
            _ = StoreCredentials.profile("default", in: text)
        case .backupManifest:
            switch StoredBackup.Standing(of: Self.backup, manifest: bytes, size: { _ in 123 }) {
            case .whole(let manifest), .broken(let manifest, _):
                _ = (StableJSON.bytes(manifest), manifest.bytes, manifest.rows)
            case .unknown: break
            }
        case .backupName:
            guard let name = BackupName(text) else { return }
            precondition(name.description == text, "printed, it is the same")
        case .dumpRows:
            var rows = DumpRows()
            for start in stride(from: 0, to: bytes.count, by: 65536) {
                bytes[start..<min(bytes.count, start + 65536)].withUnsafeBytes { rows.consume($0) }
            }
            _ = rows.tables.count
        case .httpReply:
            let request = HTTPRequest(.get, server.url, timeout: .seconds(5))
            guard let response = try? server.answering(bytes, { try CurlClient().send(request) }) else { return }
            _ = response.header("Api-Version").flatMap { DockerVersion($0) }
            _ = StatusAnswer(response)
        }
    }

    /// What a command does with what the ones before it told.
    private static func alert(after book: AlertBook) {
        var book = book.correctingFutureStamps(at: time)
        book.take(AlertFindings(), at: time, repeatAfter: .seconds(3600), receivers: ["a"])
        for notice in book.due(for: ["mail"], at: time, repeatAfter: .seconds(3600)).prefix(10) {
            book.note(notice, at: time)
        }
        book.tidy(for: ["mail"])
        _ = StableJSON.bytes(book)
    }

    private static let backup = BackupName(database: "app", time: 1_705_329_005)

    /// Makes what the parsers read and never let go: the keys of the configuration.
    package static func makeConstants() { _ = ConfigurationKey.allCases }

    /// What a listing does with the keys of a store.
    private static func compare(_ element: XMLElement?) {
        guard let element else { return }
        _ = element.text.hasPrefix("backups/")
        _ = Set(element.children.map { $0.child("Key")?.text ?? $0.text }).count
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
        _ = state.sources.memory(of: HostLoad.self).map { $0.percent(until: counters) }
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
        for value: Quantity in [10, 90] {
            let decision = policy.decide(
                Sample(time: time, readings: [.cpu: .value(value)]),
                fleet: FleetSituation(counted: 3, readyWithoutVictim: 2), after: history)
            _ = decision.limits.map { $0.sentence(in: .english) }
        }
        history.recordFailedStart(at: time)
        _ = StableJSON.bytes(State(service: "app", history: history, sources: state.sources), pretty: true)
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
