import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Goal 9: the disk is full, broken or gone with the power at every call that a run makes on a file of its own.
@Suite(.sharedDatabase)
struct DiskFaultTests {
    private static let full = InjectedFault.error("ENOSPC")
    private static let broken = InjectedFault.error("EIO")
    private static let writes = ["write,pwrite64,ftruncate", "fsync,fdatasync", "rename,renameat2"]

    private static func plans(_ effort: TortureEffort) -> [InjectionPoints.Plan] {
        switch effort {
        case .full:
            [full, broken, .kill].flatMap { fault in writes.map { .init(call: $0, fault: fault) } }
                + [full, broken].flatMap { fault in
                    ["openat", "unlink", "mkdir", "fchmod"].map { .init(call: $0, fault: fault) }
                } + [.init(call: "close", fault: broken)]
        case .selection:
            [
                .init(call: writes[0], fault: full), .init(call: writes[1], fault: broken, every: 4),
                .init(call: writes[2], fault: .kill, every: 3), .init(call: "openat", fault: full, first: 7, every: 9),
            ]
        }
    }

    private static func operations(_ effort: TortureEffort) -> [TorturedOperation] {
        effort == .full ? TorturedOperation.allCases : [.up]
    }

    @Test func `no file is ever half of one, whatever call fails, and the next run puts all in order`() async throws {
        let effort = TortureEffort.current
        let points = Dictionary(
            uniqueKeysWithValues: Self.operations(effort).map {
                ($0, InjectionPoints(Self.plans(effort), passes: effort == .full ? 2 : 1))
            })
        try await withThrowingTaskGroup { group in
            for _ in 1...3 {
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
        for operation in Self.operations(effort) {
            let hits = await points[operation]?.hits ?? 0
            let unjudged = await points[operation]?.unjudged ?? 0
            #expect(hits > 0)
            #expect(unjudged <= hits / 10)
            counts.append("\(operation) \(hits)" + (unjudged > 0 ? " (\(unjudged) without exit status)" : ""))
            found += await points[operation]?.violations ?? []
        }
        print("disk faults: \(counts.joined(separator: ", ")) points, \(found.count) violations")
        #expect(found == [])
    }

    /// Goes round the operations until no point is left.
    private static func torture(
        _ world: TorturedService, _ points: [TorturedOperation: InjectionPoints]
    ) async throws {
        try await world.prepare(.drain)  // from here on a step was taken, and its stamp holds the next one
        var isOver = false
        while !isOver {
            isOver = true
            for operation in operations(.current) {
                guard let point = await points[operation]?.take() else { continue }
                isOver = false
                try await world.prepare(operation)
                let before = try Snapshot(world)
                let run = try await InjectedRun(
                    of: world.service, at: point, onOneProcessor: true, onlyOn: world.files, trace: world.trace)
                await points[operation]?.ended(point, hit: run.wasHit)
                var wrong = try await world.violationsAtOnce(of: operation, run, before: before.state)
                wrong += try violations(of: operation, run, before: before, after: Snapshot(world))
                if run.wasHit, run.killed.isEmpty, run.status == nil { await points[operation]?.missedStatus() }
                let clean = try await world.recover(from: world.state())
                wrong += clean.violations
                wrong += try world.files.filter { $0.lastComponent?.string.hasSuffix(".new") == true }
                    .filter { try FileOwnership(of: $0) != nil }.map { "\($0) was left" }
                for violation in wrong {
                    await points[operation]?.report(
                        "\(operation), \(point) (\(run.place)): \(violation)\n\(run.said)\(clean.said)")
                }
            }
        }
    }

    private struct Snapshot {
        let state: State?
        let stateBytes: Data?
        let upstream: Data?
        let processes: [TorturedService.Process]
        let served: Set<UInt16>?

        init(_ world: TorturedService) throws {
            state = try world.state()
            stateBytes = FileManager.default.contents(atPath: world.service.stateFile.string)
            upstream = FileManager.default.contents(atPath: world.service.nginx.upstreamFile.string)
            processes = try world.processes()
            served = try world.servedPorts()
        }
    }

    private static func violations(
        of operation: TorturedOperation, _ run: InjectedRun, before: Snapshot, after: Snapshot
    ) -> [String] {
        var found: [String] = []
        if after.state == nil { found.append("the state can't be read") }
        if after.upstream?.last != UInt8(ascii: "\n") { found.append("the upstream file is torn") }
        // The end of a drain needs no intent: it was written by the run that began it.
        if operation != .drain, after.stateBytes == before.stateBytes,
            after.processes != before.processes || after.served != before.served
                || after.upstream != before.upstream
        {
            found.append("something was done without its intent on disk")
        }
        guard run.killed.isEmpty, let status = run.status else { return found }
        let saysSo = run.said.contains(" could not be written or read: ")
        if (status == 74) != saysSo { found.append("exit status \(status), and said: \(run.said)") }
        if !run.wasHit || !run.failed.allSatisfy(isHarmless) {
            if status != (run.wasHit ? 74 : 0) { found.append("exit status \(status)") }
        }
        return found
    }

    /// Closing a lock, removing what is not there, and whatever `nginx -t` does with the file that it reads.
    private static func isHarmless(_ call: String) -> Bool {
        let isOurs = call.contains("O_NOFOLLOW") || call.contains("O_DIRECTORY")
        return call.contains(" close(") || call.contains(" unlink(") || call.contains(" openat(") && !isOurs
    }
}

extension TorturedService {
    /// Every file and folder that a run writes or reads for itself, temporary ones, too.
    fileprivate var files: [FilePath] {
        let upstream = service.nginx.upstreamFile
        let state = service.stateFile
        let folder = state.removingLastComponent()
        let day = WallClock.utc(Int(Date().timeIntervalSince1970)).prefix { $0 != "T" }
        let replaced = [upstream, state, folder.appending("upstream.conf.last-good")]
        let temporary = replaced.compactMap { path in
            path.lastComponent.map { path.removingLastComponent().appending(".\($0.string).new") }
        }
        let history = folder.appending("history")
        return replaced + temporary
            + [
                folder, upstream.removingLastComponent(), history, history.appending("\(day).jsonl"),
                folder.appending("autoscale.json.lock"),
            ]
    }
}
