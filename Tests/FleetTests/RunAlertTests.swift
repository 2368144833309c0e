import Connections
import Decisions
import Fleet
import Host
import Reporting
import Settings
import SystemPackage
import Testing

/// A run that failed is told in the words of what it failed by, whatever else it said before and afterwards.
struct RunAlertTests {
    private static let file = FileFailure(path: "/state/a.json", action: "rename", errno: .noSpace)

    /// One of each case, and of each case inside it; `index` lists them, so that the compiler asks for a new one.
    private static let failures: [RunFailure] =
        [
            .busy(path: "/state/a.json.lock"), .state(.newer(path: "/state/a.json", version: 9)),
            .unsafe(UnsafeFile(path: "/state", cause: .worldWritable)), .file(file),
            .environmentFile(.absent(path: "/app/.env")), .start("app_backend_1", .endedEarly(nil)),
            .unpublished(failures: 3, remaining: .seconds(40)), .interrupted(15),
        ] + targetErrors.flatMap { [.target($0), .start("app_backend_1", .target($0)), .end("app_backend_1", $0)] }
        + publishFailures.map { .publish($0) }

    private static let targetErrors: [TargetError] = [
        .unreachable(address: "unix:///run/docker.sock", detail: "Connection refused"),
        .notPermitted(address: "unix:///run/docker.sock", detail: "Permission denied"),
        .noFreePort(range: "3000-3099"), .didNotStay(name: "app_backend_1", .containerGone), .file(file),
    ]

    private static let publishFailures: [PublishFailure] = [
        .notRunning("no answer"), .file(file),
        .foreignContents(path: "/nginx/upstream.conf", upstream: "app", found: "server"),
        .addressTaken(url: "http://127.0.0.1:8080/", saw: .refused), .testFailed("unknown directive"),
        .reloadFailed("exit status 1"), .notConfirmed(generation: "abc", saw: .refused),
    ]

    private static func index(_ failure: RunFailure) -> Int {
        switch failure {
        case .busy: 0
        case .state: 1
        case .unsafe: 2
        case .file: 3
        case .environmentFile: 4
        case .target: 5
        case .publish: 6
        case .start: 7
        case .end: 8
        case .unpublished: 9
        case .interrupted: 10
        }
    }

    @Test func `every kind of failure is among those that are asked here`() {
        #expect(Set(Self.failures.map(Self.index)) == Set(0...10))
    }

    @Test(arguments: Language.allCases)
    func `the alert is the failure's own sentence, and says so only where the run failed by it`(language: Language) {
        let good: [RunMessage] = [
            .started, .created, .creating("app_backend_1"), .removed("app_backend_1"), .published(servers: 2),
            .rolledBack(path: "/nginx/upstream.conf"), .takenBack("app_backend_1"), .draining("app_backend_1"),
            .activeBackends(2), .backupUnderWay,
        ]
        let goodWords = Set(good.map { $0.sentence(in: language) })
        for failure in Self.failures {
            let alert = failure.alert(in: language)
            #expect(alert.text == failure.sentence(in: language) && !alert.text.isEmpty)
            #expect(alert.severity == .critical)
            #expect(!goodWords.contains(alert.text))
            // A step or a repair that failed is one event, a run that could not do its work another.
            #expect(alert.event == (failure.exitStatus == .failed ? .stepFailed : .runFailed), "\(failure)")
            #expect(alert.subject == (alert.event == .stepFailed ? failure.code : ""))
        }
    }

    @Test func `what the log says of a failure is what the alert says`() {
        for failure in Self.failures {
            for language in Language.allCases {
                #expect(RunMessage.failed(failure).sentence(in: language) == failure.sentence(in: language))
            }
            #expect(RunMessage.failed(failure).code == failure.code)
        }
    }

    @Test func `no failure is told in English to those who read Spanish`() {
        let systemWords: Set<Int> = [5, 7, 8]  // what a target says itself may be all that there is
        for failure in Self.failures where !systemWords.contains(Self.index(failure)) {
            #expect(failure.sentence(in: .english) != failure.sentence(in: .spanish), "\(failure)")
        }
    }
}
