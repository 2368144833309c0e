import Foundation
import SystemPackage
import TestSupport
import Testing

/// Goal 1: a run is killed before every effect it has, and one clean run later all is well.
@Suite(.sharedDatabase)
struct KillAnywhereTests {
    /// Calls that change something outside the process, and those that begin or end a child or a conversation.
    private static let effects = [
        "rename", "fsync", "unlink", "write", "fchmod", "mkdir", "flock", "connect", "sendto", "execve",
        "clone,clone3,vfork,fork", "kill", "wait4,waitid", "pipe2", "socket",
    ]
    /// Many, and mostly harmless: they spread the rest over the whole run.
    private static let others = ["openat", "close"]

    private static func plans(_ effort: TortureEffort) -> [InjectionPoints.Plan] {
        switch effort {
        case .full: effects.map { .init(call: $0) } + others.map { .init(call: $0, every: 5) }
        case .selection:
            ["rename", "fsync", "write", "execve", "kill"].map { .init(call: $0, first: 2, every: 4) }
                + [.init(call: "openat", first: 40, every: 70)]
        }
    }

    @Test func `a run that is killed anywhere is put right by the next one`() async throws {
        let effort = TortureEffort.current
        let points = Dictionary(
            uniqueKeysWithValues: TorturedOperation.allCases.map {
                ($0, InjectionPoints(Self.plans(effort), passes: effort == .full ? 2 : 1))
            })
        let worlds = effort == .full ? 4 : 3
        try await withThrowingTaskGroup { group in
            for _ in 1...worlds {
                group.addTask {
                    try await withPrivateService { service in
                        let world = TorturedService(service: service, trace: service.folder.appending("trace"))
                        try await Self.torture(world, points)
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
        print("kill anywhere: \(counts.joined(separator: ", ")) kill points, \(found.count) violations")
        #expect(found == [])
    }

    /// Goes round the four operations until no point is left.
    private static func torture(
        _ world: TorturedService, _ points: [TorturedOperation: InjectionPoints]
    ) async throws {
        try await world.prepare(.drain)  // from here on a step was taken, and its stamp holds the next one
        var isOver = false
        while !isOver {
            isOver = true
            for operation in TorturedOperation.allCases {
                guard let point = await points[operation]?.take() else { continue }
                isOver = false
                try await world.prepare(operation)
                let before = try world.state()
                let run = try await InjectedRun(of: world.service, at: point, onOneProcessor: false, trace: world.trace)
                await points[operation]?.ended(point, hit: run.wasHit)
                var wrong = try await world.violationsAtOnce(of: operation, run, before: before)
                let clean = try await world.recover(from: world.state())
                wrong += clean.violations
                for violation in wrong {
                    await points[operation]?.report(
                        "\(operation), killed at \(point) (\(run.place)): \(violation)\n\(run.said)\(clean.said)")
                }
            }
        }
    }
}
