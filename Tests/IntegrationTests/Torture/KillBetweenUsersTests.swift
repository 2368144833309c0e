import Foundation
import Glibc
import Host
import SystemPackage
import TestSupport
import Testing

/// Cron runs as an unprivileged user, and root runs by hand now and then: whoever is killed wherever, cron's user goes on.
@Suite(.sharedDatabase)
struct KillBetweenUsersTests {
    /// Those that give a file away and put it in its place, and those around them.
    private static let calls = ["fchown", "rename", "lchown", "linkat", "fsync", "fchmod", "write"]

    // MARK: While it is in use

    @Test func `root's run is killed anywhere, or the user's own, and the user's next one puts it right`() async throws
    {
        try await withPrivateService { service in
            try await service.giveToNobodyButConfiguration()
            let world = TorturedService(
                service: service, trace: service.folder.removingLastComponent().appending("trace"), user: "nobody")
            try await world.prepare(.drain)
            var counts = ["root's": 0, "the user's": 0]
            var found: [String] = []
            for operation in operations {
                // A process that root starts can be seen by root alone, so root's runs here start none.
                let isRoots = operation == .down || operation == .drain
                let points = InjectionPoints(plans(shortest: 2), passes: 1)
                while let point = await points.take() {
                    try await world.prepare(operation)
                    let run = try await InjectedRun(
                        of: service, as: isRoots ? nil : world.user, at: point, onOneProcessor: true, trace: world.trace
                    )
                    await points.ended(point, hit: run.mainWasKilled)
                    counts[isRoots ? "root's" : "the user's", default: 0] += run.mainWasKilled ? 1 : 0
                    let clean = try await world.recover(from: world.state())
                    var wrong = clean.violations + service.namesOfOthers
                    let byHand = try await service.monitor("--dry-run")
                    if byHand.status != 0 { wrong.append("root's dry run ended with \(byHand.end)") }
                    found += wrong.map { "\(operation), killed at \(point) (\(run.place)): \($0)\n\(clean.said)" }
                }
            }
            print("kill between users: \(counts), \(found.count) violations")
            #expect(found == [])
            #expect(counts.values.allSatisfy { $0 > 1 })
        }
    }

    // MARK: While it is new

    @Test func `root's first run is killed anywhere, and the user's first one goes on from there`() async throws {
        try await withPrivateService { service in
            try await service.giveToNobodyButConfiguration()
            let trace = service.folder.removingLastComponent().appending("trace")
            let byHand = FileManager.default.contents(atPath: service.nginx.upstreamFile.string)
            let points = InjectionPoints(plans(shortest: 3), passes: 1)
            var found: [String] = []
            while let point = await points.take() {
                let run = try await InjectedRun(of: service, at: point, onOneProcessor: true, trace: trace)
                await points.ended(point, hit: run.mainWasKilled)
                try await endBackends(service)
                let clean = try await service.run(["monitor"], as: "nobody")
                var wrong = service.namesOfOthers
                if clean.status != 0 { wrong.append("the user's run ended with \(clean.end)") }
                if try service.served()?.count != 1 { wrong.append("not one backend is served") }
                found += wrong.map { "killed at \(point) (\(run.place)): \($0)\n\(clean.stdout)" }

                try await endBackends(service)
                for name in ["state", "logs"] {
                    try? FileManager.default.removeItem(atPath: "\(service.folder)/\(name)")
                }
                try service.startOver(with: byHand)
            }
            print("kill between users: \(await points.hits) first runs, \(found.count) violations")
            #expect(found == [])
            #expect(await points.hits > 3)
        }
    }

    /// What root started belongs to root; this test is about files.
    private func endBackends(_ service: PrivateService) async throws {
        for backend in try service.backends() { try ProcessTable.kill(backend.identity) }
        try await eventually("no backend is left") { try service.backends().isEmpty }
    }

    private var operations: [TorturedOperation] {
        TortureEffort.current == .full ? TorturedOperation.allCases : [.up, .down]
    }

    /// - Parameter count: of the calls in the selection; folders are made in a first run only.
    private func plans(shortest count: Int) -> [InjectionPoints.Plan] {
        switch TortureEffort.current {
        case .full: Self.calls.map { .init(call: $0) }
        case .selection: Self.calls.prefix(count).map { .init(call: $0, every: 2) }
        }
    }
}

extension PrivateService {
    /// As somebody installs it who runs it by hand, too: root takes commands from no file of another user's.
    fileprivate func giveToNobodyButConfiguration() async throws {
        try await giveToNobody()
        for path in [configuration.removingLastComponent(), configuration] { chown(path.string, 0, 0) }
    }

    /// Files of ours that the user who runs cron could not use, once a run of that user is over.
    fileprivate var namesOfOthers: [String] {
        [stateFile, nginx.upstreamFile].map { $0.removingLastComponent() }.flatMap { folder in
            FolderSnapshot(of: folder).names(notOf: Self.nobody).map { "\($0) in \(folder) is not the user's" }
        }
    }

    /// The upstream file as it was before the first run, and loaded.
    fileprivate func startOver(with upstream: Data?) throws {
        guard let upstream else { return }
        try upstream.write(to: URL(filePath: nginx.upstreamFile.string))
        chown(nginx.upstreamFile.string, Self.nobody, Self.nobody)
        if let master = nginx.master { try ProcessTable.send(SIGHUP, to: master) }
    }
}
