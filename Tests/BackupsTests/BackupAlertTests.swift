import Backups
import Connections
import Decisions
import Fleet
import Host
import Reporting
import Settings
import SystemPackage
import TestSupport
import Testing

/// A backup that failed is told in the words of what it failed by, never in those of what went well before it.
struct BackupAlertTests {
    private static let file = FileFailure(path: "/backups/a.dump", action: "write", errno: .noSpace)

    /// One of each case that a run of `backup` can fail by.
    private static let failures: [BackupFailure] = [
        .busy(path: "/state/backup.lock"), .unsafe(UnsafeFile(path: "/backups", cause: .worldWritable)),
        .state(.newer(path: "/state/a.json", version: 9)), .file(file), .program("pg_dump: there is no such program"),
        .olderProgram(path: "/usr/bin/pg_dump", version: "14.1", server: "16.2"),
        .tooLittleSpace(path: "/backups", free: 1, needed: 2), .dumpFailed(program: "pg_dump", says: "exit status 1"),
        .unreadable(name: "a.dump", why: "unexpected end"), .altered(name: "a.dump"), .noIdentity(name: "a.dump.age"),
        .tooSlow("pg_dump"), .noBackups(folder: "/backups"), .noSuchBackup(name: "a", folder: "/backups"),
        .notWhole(name: "a", .noManifest), .upload(.noCredentials), .store(.noCredentials), .noStore,
        .partly(.store(.noCredentials)), .globals(.dumpFailed(program: "pg_dumpall", says: "exit status 1")),
        .damaged(name: "a", .otherSize(file: "a.dump", bytes: 1, expected: 2)),
    ]

    /// What a run says that goes well.
    private static let good: [BackupMessage] = [
        .started(database: "chat"), .dumped(bytes: 10, seconds: 1), .notVerified(name: "a"),
        .verified(name: "a", tables: 1, rows: 2, seconds: 1), .removed(name: "a", bytes: 10),
        .uploaded(url: "s3://b/a", bytes: 10, seconds: 1), .storeLeftoversRemoved(1),
    ]

    @Test(arguments: Language.allCases)
    func `the receiver is told each failure in its own sentence`(language: Language) async throws {
        let sink = try WebhookSink()
        try await withTemporaryFolder { folder in
            let path = folder.appending("a.conf")
            let text = "LANGUAGE=\(language.rawValue)\nALERT_URL=\(try sink.url)\nSTATE_FILE=state/a.json\n"
            try DurableFile.replace(path, with: Array(text.utf8))
            let configuration = try Configuration.load(named: path.string, environment: [:], executable: "/")
            let goodWords = Self.good.map { $0.sentence(in: language) }
            for failure in Self.failures where failure.exitStatus != .busy {
                try? DurableFile.remove(folder.appending("state").appending("alerts.json"))
                let events = goodWords.map { Explained(code: "said", text: $0) }
                let problems = await AlertDispatch(configuration, for: .backup).finish(
                    .backupFailed, failure: failure, events: events)
                #expect(problems == [])
                let alerts = try sink.take().flatMap { try $0.object["alerts"] as? [[String: Any]] ?? [] }
                #expect(alerts.count == 1)
                #expect(alerts.first?["text"] as? String == failure.sentence(in: language), "\(failure)")
                #expect(alerts.first?["severity"] as? String == "critical")
                #expect(!goodWords.contains(failure.sentence(in: language)))
            }
        }
    }

    @Test func `a run that another one keeps waiting, or that a signal ended, is no alert`() async throws {
        let sink = try WebhookSink()
        try await withTemporaryFolder { folder in
            let path = folder.appending("a.conf")
            try DurableFile.replace(path, with: Array("ALERT_URL=\(try sink.url)\nSTATE_FILE=state/a.json\n".utf8))
            let configuration = try Configuration.load(named: path.string, environment: [:], executable: "/")
            for failure in [BackupFailure.busy(path: "/state/backup.lock"), .interrupted(2), .interrupted(15)] {
                _ = await AlertDispatch(configuration, for: .backup).finish(
                    .backupFailed, failure: failure, events: [])
            }
            #expect(sink.take().isEmpty)
        }
    }
}
