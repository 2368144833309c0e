import Connections
import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport

/// What is done by a run that is killed.
enum TorturedOperation: String, CaseIterable {
    /// A third backend is started and published.
    case up
    /// The third one leaves NGINX.
    case down
    /// The one that left is stopped.
    case drain
    /// One of two was killed and is replaced.
    case heal
}

/// A service of two to three process backends, brought from one operation to the next by runs of the built binary, and
/// what must hold of it whenever one was killed.
struct TorturedService {
    static let minimum = 2
    let service: PrivateService
    /// Where strace writes.
    let trace: FilePath
    /// Whose service it is; `nil`: root's.
    var user: String?

    /// A backend as the kernel shows it.
    struct Process: Equatable {
        let identity: ProcessTable.Identity
        let name: String
        let port: UInt16
    }

    // MARK: Looking

    /// Found by the process table alone, not by what is tested.
    func processes() throws -> [Process] {
        try service.backends().compactMap { status in
            let environment = try ProcessTable.environment(
                of: status.identity.pid, containing: "AUTOSCALE_SERVICE=\(service.name)")
            guard let name = environment?["AUTOSCALE_NAME"], let port = environment?["PORT"].flatMap({ UInt16($0) })
            else { return nil }
            return Process(identity: status.identity, name: String(name), port: port)
        }
    }

    func servedPorts() throws -> Set<UInt16>? {
        try service.served().map { Set($0.map(\.port)) }
    }

    func answering(_ processes: [Process]) -> [Process] {
        let requests = processes.map {
            HTTPRequest(.get, "http://127.0.0.1:\($0.port)/health", timeout: .seconds(5))
        }
        return zip(processes, CurlClient().sendAll(requests)).filter { (try? $1.get().status) == 200 }.map(\.0)
    }

    func state() throws -> State? {
        guard case .state(let state) = try StateFile(service.stateFile).load(for: service.name) else { return nil }
        return state
    }

    /// Anything of this service that runs and is neither NGINX nor a backend.
    func strays() throws -> [String] {
        let backends = Set(try processes().map(\.identity))
        return try ProcessTable.running().compactMap { status in
            let pid = status.identity.pid
            let line = ProcessTable.commandLine(of: pid).joined(separator: " ")
            let isOurs =
                line.contains(service.folder.string) || line.contains(service.nginx.folder.string)
                || (try? ProcessTable.environment(of: pid, containing: "AUTOSCALE_SERVICE=\(service.name)")) != nil
            return isOurs && !line.hasPrefix("nginx: ") && !backends.contains(status.identity) ? line : nil
        }
    }

    // MARK: Bringing about

    private static let cooldown = "600"

    func configure(cooldown: String = "0") throws {
        try service.configure([
            "MIN_BACKENDS": "\(Self.minimum)", "MAX_BACKENDS": "3", "SCALE_UP_COOLDOWN": cooldown,
            "SCALE_DOWN_COOLDOWN": cooldown, "HEALTH_TIMEOUT": "5",
        ])
    }

    /// A run in which every step is held by the cooldown.
    func cleanRun() async throws -> ProcessOutput {
        try configure(cooldown: Self.cooldown)
        defer { try? configure() }
        return try await monitor()
    }

    private func monitor() async throws -> ProcessOutput {
        guard let user else { return try await service.monitor() }
        return try await service.run(["monitor"], as: user)
    }

    /// Runs until the next run is the operation's.
    func prepare(_ operation: TorturedOperation) async throws {
        try configure()
        for _ in 1...8 {
            try forgetFailedStarts()
            let running = try processes()
            let served = try servedPorts()?.count ?? 0
            let open = try state()?.history.operation
            let isWhole = try servedPorts() == Set(running.map(\.port))
            let isReached =
                switch operation {
                case .up, .heal: served == 2 && isWhole && open == nil
                case .down: served == 3 && isWhole && open == nil
                case .drain: served == 2 && running.count == 3 && open?.left != nil
                }
            if isReached {
                try service.load(operation == .up ? 150 : operation == .heal ? 50 : 1)
                if operation == .heal, let victim = running.randomElement() {
                    try ProcessTable.kill(victim.identity)
                    try await eventually("the backend is gone") { try processes().count == 1 }
                }
                return
            }
            let wantsThree = operation == .down || (operation == .drain && open == nil && served < 3)
            try service.load(wantsThree ? 150 : 1)
            let run = try await monitor()
            guard run.status == 0 else { throw PrivateServerFailure("\(run)") }
        }
        throw PrivateServerFailure("the service can't be brought to \(operation)")
    }

    /// A killed child looks like a program that can't be started, and the next step up would wait for minutes.
    private func forgetFailedStarts() throws {
        guard var state = try state(), state.history.backOff != nil else { return }
        state.history.backOff = nil
        try StateFile(service.stateFile).save(state)
    }

    // MARK: Judging

    /// What is wrong at once after a kill, when nothing was repaired yet.
    func violationsAtOnce(of operation: TorturedOperation, _ run: InjectedRun, before: State?) async throws -> [String]
    {
        // A killed backend of this very run is no work of ours.
        try await violationsAtOnce(
            of: operation, killed: run.mainWasKilled || run.killed.isEmpty ? 0 : 1, before: before)
    }

    /// - Parameter backends: how many of them may have been killed by the test, beside the one that is to be healed.
    func violationsAtOnce(
        of operation: TorturedOperation, killed backends: Int, before: State?
    ) async throws -> [String] {
        var found: [String] = []
        let running = try processes()
        let alive = Set(running.map(\.port))
        guard let served = try servedPorts() else { return ["NGINX serves nothing of ours"] }
        let killedByTest = (operation == .heal ? 1 : 0) + backends
        if served.intersection(alive).count < Self.minimum - killedByTest { found.append("fewer than MIN are served") }
        if served.subtracting(alive).count > killedByTest { found.append("a dead backend is served") }
        let test = try await ChildProcess.run(
            CommandWords(service.nginx.testCommand), timeout: .seconds(20))
        if !test.termination.isSuccess { found.append("nginx -t: \(test.lastWords())") }
        let after = try state()
        if after == nil { found.append("the state can't be read") }
        if operation == .up, running.count > 2, after?.history.lastStep == before?.history.lastStep {
            found.append("a backend was started before the intent was durable")
        }
        if operation == .down, served.count < 3, after?.history.lastStep == before?.history.lastStep {
            found.append("a backend left NGINX before the intent was durable")
        }
        return found
    }

    /// What one clean run came to.
    struct Recovery {
        let violations: [String]
        let said: String
    }

    /// Lets one clean run put things right, once what was started is ready.
    /// - Parameter state: as the run before left it.
    func recover(from state: State?) async throws -> Recovery {
        try await eventually("what was started is ready") {
            let running = try processes()
            return answering(running) == running
        }
        let clean = try await cleanRun()
        return Recovery(violations: try violations(after: clean, afterKill: state), said: clean.stdout)
    }

    /// What is wrong after one run that nobody killed.
    private func violations(after run: ProcessOutput, afterKill: State?) throws -> [String] {
        var found: [String] = []
        if run.status != 0 { found.append("the clean run ended with \(run.end)") }
        guard let state = try state() else { return found + ["the state can't be read"] }
        if state.history.lastStep != afterKill?.history.lastStep { found.append("the cooldown held no second step") }
        let drained = state.history.operation.flatMap { $0.direction == .down ? $0.backend : nil }
        let running = try processes()
        let ready = answering(running)
        if ready != running { found.append("\(running.count - ready.count) processes do not answer") }
        let wanted = Set(ready.filter { $0.name != drained }.map(\.port))
        let live = try service.live()
        let served = Set(live?.servers.map(\.port) ?? [])
        if served != wanted { found.append("served \(served.sorted()), ready \(wanted.sorted())") }
        if !(Self.minimum...3).contains(served.count) { found.append("\(served.count) are served") }
        let file = FileManager.default.contents(atPath: service.nginx.upstreamFile.string) ?? Data()
        if live.map({ !String(decoding: file, as: UTF8.self).contains($0.generation) }) ?? true {
            found.append("the file is not what NGINX serves")
        }
        let names = try FileManager.default.contentsOfDirectory(
            atPath: service.stateFile.removingLastComponent().string)
        if names.contains(where: { $0.contains("corrupt") }) { found.append("a state file was set aside") }
        return found + (try strays().map { "still runs: \($0)" })
    }
}
