import Decisions
import Fleet
import Foundation
import SystemPackage
import TestSupport
import Testing

/// SIGTERM and SIGINT in every phase of every kind of run: no new effect, an unconfirmed upstream is taken back, and one
/// clean run later all is well.
@Suite(.sharedDatabase)
struct SignalAnywhereTests {
    private static let effects = [
        "rename", "fsync", "fchmod", "flock", "connect", "execve", "clone,clone3,vfork,fork", "kill", "wait4,waitid",
    ]
    /// Many, and mostly harmless: they spread the rest over the whole run.
    private static let others = ["write", "sendto", "openat", "close"]

    private static func plans(_ effort: TortureEffort) -> [InjectionPoints.Plan] {
        switch effort {
        case .full:
            effects.map { .init(call: $0, fault: .stop) }
                + others.map { .init(call: $0, fault: .stop, first: 4, every: 8) }
        case .selection:
            ["rename", "execve"].map { .init(call: $0, fault: .stop, first: 2, every: 4) }
                + [.init(call: "openat", fault: .stop, first: 60, every: 90)]
        }
    }

    @Test func `a run that is told to end anywhere does so in good order, and the next one goes on`() async throws {
        let effort = TortureEffort.current
        let points = Dictionary(
            uniqueKeysWithValues: TorturedOperation.allCases.map {
                ($0, InjectionPoints(Self.plans(effort), passes: effort == .full ? 2 : 1))
            })
        let endings = Endings()
        try await withThrowingTaskGroup { group in
            for _ in 1...(effort == .full ? 4 : 3) {
                group.addTask {
                    try await withPrivateService { service in
                        let world = TorturedService(service: service, trace: service.folder.appending("trace"))
                        try await Self.torture(world, points, endings)
                    }
                }
            }
            try await group.waitForAll()
        }
        var counts: [String] = []
        var found: [String] = []
        for operation in TorturedOperation.allCases {
            counts.append("\(operation) \(await points[operation]?.hits ?? 0)")
            found += await points[operation]?.violations ?? []
        }
        let ended = await endings.counts.sorted { $0.key < $1.key }.map { "\($0.value) ended with \($0.key)" }
        print(
            "signal anywhere: \(counts.joined(separator: ", ")) points; \(ended.joined(separator: ", ")); "
                + "\(found.count) violations")
        #expect(found == [])
        #expect(await endings.counts["143"] ?? 0 > 0)
        #expect(await endings.counts["130"] ?? 0 > 0)
    }

    private actor Endings {
        private(set) var counts: [String: Int] = [:]
        func add(_ status: Int32?) { counts[status.map(String.init) ?? "the signal", default: 0] += 1 }
    }

    /// Goes round the four operations until no point is left.
    private static func torture(
        _ world: TorturedService, _ points: [TorturedOperation: InjectionPoints], _ endings: Endings
    ) async throws {
        try await world.prepare(.drain)  // from here on a step was taken, and its stamp holds the next one
        var isOver = false
        var number = 0
        while !isOver {
            isOver = true
            for operation in TorturedOperation.allCases {
                guard let point = await points[operation]?.take() else { continue }
                isOver = false
                number += 1
                let signal = number % 2 == 0 ? SIGINT : SIGTERM
                try await world.prepare(operation)
                let before = try world.state()
                let run = try await SignalledRun(
                    of: world.service, signal: signal, at: point.call, point.number, trace: world.trace)
                await points[operation]?.ended(point, hit: run.wasSignalled)
                if run.wasSignalled { await endings.add(run.status) }
                var wrong = world.violations(of: run, by: signal)
                wrong += try await world.violationsAtOnce(of: operation, killed: 0, before: before)
                wrong += try await world.halfEffects(of: operation)
                let clean = try await world.recover(from: world.state())
                wrong += clean.violations
                for violation in wrong {
                    await points[operation]?.report(
                        "\(operation), signal \(signal) at \(point) (\(run.place)): \(violation)\n\(run.said)"
                            + clean.said)
                }
            }
        }
    }
}

extension TorturedService {
    /// What is wrong with how it ended, and with what it said.
    fileprivate func violations(of run: SignalledRun, by signal: Int32) -> [String] {
        var found: [String] = []
        let words = run.said.components(separatedBy: "Warning: Ended by a signal; the next run goes on\n").count - 1
        switch run.status {
        case 0: if words != 0 { found.append("it said that it was ended, and exited with 0") }
        case 128 + signal where run.wasSignalled:
            if words != 1 { found.append("it said \(words) times that it was ended") }
        case nil where run.wasSignalled:
            if !run.said.isEmpty { found.append("the signal ended it after it had begun") }
        default: found.append("it ended with \(run.status.map(String.init) ?? "a signal")")
        }
        if run.said.contains("Error:") { found.append("it reports an error") }
        return found
    }

    /// What was begun and neither finished nor taken back.
    fileprivate func halfEffects(of operation: TorturedOperation) async throws -> [String] {
        var found = try strays().map { "still runs: \($0)" }
        let folders = [service.stateFile, service.nginx.upstreamFile].map { $0.removingLastComponent() }
        for folder in folders {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            found += names.filter { $0.hasSuffix(".new") }.map { "\($0) is left in \(folder)" }
        }
        // A reload that takes the new set back is not waited for.
        do {
            try await eventually("NGINX serves the file") {
                let file = FileManager.default.contents(atPath: service.nginx.upstreamFile.string) ?? Data()
                return try service.live().map { String(decoding: file, as: UTF8.self).contains($0.generation) } ?? false
            }
        } catch let error as DidNotHappen {
            found.append("\(error)")
        }
        let served = try servedPorts()?.count ?? 0
        let running = try processes().count
        let open = try state()?.history.operation
        switch operation {
        case .down where served == 2 && open?.left == nil:
            found.append("a backend left NGINX, and its drain is not known")
        case .down where served == 3 && open != nil: found.append("the drain of a backend is open that serves")
        case .drain where running == 3 && open?.left == nil: found.append("a drain is forgotten")
        default: break
        }
        return found
    }
}
