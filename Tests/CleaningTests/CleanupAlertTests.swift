import Backups
import Cleaning
import Decisions
import Fleet
import Host
import Reporting
import SystemPackage
import Testing

/// A cleanup that failed is told in the words of what it failed by, never in those of what it removed.
struct CleanupAlertTests {
    private static let file = FileFailure(path: "/state/cleanup.lock", action: "open", errno: .permissionDenied)
    private static let failures: [CleanupFailure] = [
        .busy(path: "/state/cleanup.lock"), .monitorAtWork(path: "/state/a.json.lock", seconds: 60),
        .folderInUse(path: "/logs"), .state(.newer(path: "/state/a.json", version: 9)),
        .stateBroken(path: "/state/a.json", why: "not JSON"),
        .unsafe(UnsafeFile(path: "/logs", cause: .worldWritable)), .file(file),
        .target(.unreachable(address: "unix:///run/docker.sock", detail: "Connection refused")),
        .backup(.noStore), .part(.images, .target(.noFreePort(range: "1-2"))),
        .notRemoved(.log, name: "a.log", .file(file)), .notRotated(name: "a.log", .file(file)),
        .notCompressed(name: "a.log.1", .gzip("no space left")), .gzip("no space left"), .interrupted(15),
    ]

    private static func index(_ failure: CleanupFailure) -> Int {
        switch failure {
        case .busy: 0
        case .monitorAtWork: 1
        case .folderInUse: 2
        case .state: 3
        case .stateBroken: 4
        case .unsafe: 5
        case .file: 6
        case .target: 7
        case .backup: 8
        case .part: 9
        case .notRemoved: 10
        case .interrupted: 11
        case .notRotated: 12
        case .notCompressed: 13
        case .gzip: 14
        }
    }

    @Test func `every failure has words in both languages and a status, and none has those of a success`() {
        #expect(Set(Self.failures.map(Self.index)) == Set(0...14))
        let good: [CleanupMessage] = [
            .started, .removed(.history, name: "2024-01-15.jsonl", bytes: 10),
            .removed(.log, name: "a.log", bytes: nil),
            .rotated(name: "a.log", to: "a.log.1"), .compressed(name: "a.log.1", freed: 10),
            .done(things: 2, bytes: 10),
        ]
        for failure in Self.failures {
            #expect(failure.exitStatus != .done)
            for language in Language.allCases {
                let sentence = failure.sentence(in: language)
                #expect(!sentence.isEmpty && !good.map { $0.sentence(in: language) }.contains(sentence))
            }
            #expect(failure.sentence(in: .english) != failure.sentence(in: .spanish), "\(failure)")
        }
    }
}
