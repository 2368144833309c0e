import Backups
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Goal 10: kill -9 before each effect of a backup.
@Suite(.sharedDatabase)
struct BackupKillTests {
    /// Calls that change what the next run finds, and those that start a program.
    private static let calls = ["fsync", "rename", "unlink", "execve"]

    @Test("a run that is killed leaves nothing that passes for a backup and is none", arguments: calls)
    func kills(_ call: String) async throws {
        try await withPrivateBackups { backups in
            try backups.sql("CREATE TABLE t AS SELECT i FROM generate_series(1, 100) i")
            #expect(try await backups.run().status == 0)
            let first = try #require(try await backups.listing().first).name
            var points = 0
            while try await killed(backups, at: call, points + 1) {
                points += 1
                let listing = try await backups.listing()
                #expect(listing.contains { $0.name == first && $0.problem == nil }, "\(call) \(points)")
                for entry in listing where entry.problem != nil {
                    #expect(entry.verification == nil && entry.problem == "no manifest", "\(call) \(points): \(entry)")
                }
                let check = try await backups.run("verify", "--all", "--json")
                let report = try JSONDecoder().decode(BackupCheckReport.self, from: Data(check.stdout.utf8))
                for entry in report.backups
                where entry.name == first || listing.contains(where: { $0.name == entry.name && $0.problem == nil }) {
                    #expect(entry.isGood, "\(call) \(points): \(entry.name)")
                }
            }
            #expect(points >= 1, "\(call)")
            let clean = try await backups.run()
            #expect(clean.status == 0, "\(clean)")
            #expect(backups.files(endingWith: ".part").isEmpty)
        }
    }

    /// - Returns: whether anything was killed.
    private func killed(_ backups: PrivateBackups, at call: String, _ number: Int) async throws -> Bool {
        let trace = backups.folder.appending("trace")
        _ = try await ChildProcess.run(
            CommandWords(
                program: "strace",
                arguments: [
                    "-f", "-o", trace.string, "-e", "trace=\(call)", "-e", "signal=SIGKILL", "-e",
                    "inject=\(call):signal=KILL:when=\(number)", backups.command.path.string, "--config",
                    backups.configuration.string,
                ]), timeout: .seconds(60))
        let text = FileManager.default.contents(atPath: trace.string) ?? Data()
        return String(decoding: text, as: UTF8.self).contains("+++ killed by SIGKILL +++")
    }
}
