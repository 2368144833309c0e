import Backups
import Connections
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Uploads of dumps that are longer than one part: what they need of memory, and what is left when the store dies.
///
/// Each has a store of its own, because a test that kills it must not take it from others.
@Suite(.sharedDatabase)
struct BackupUploadTests {
    private static let uncompressed = ["BACKUP_COMPRESSION": "0"]

    /// A table whose dump is about so long.
    private func fill(_ backups: PrivateBackups, mebibytes: Int) throws {
        try backups.sql(
            """
            DROP TABLE IF EXISTS t;
            CREATE TABLE t AS SELECT i, repeat(md5(i::text), 1024) AS text FROM generate_series(1, \(mebibytes * 32)) i
            """)
    }

    private func withBackups(
        _ body: (PrivateBackups, PrivateStore.Bucket, RunningProcess) async throws -> Void
    ) async throws {
        try await withPrivateStore { store, server in
            let bucket = try store.newBucket()
            try await withPrivateBackups(bucket.settings.merging(Self.uncompressed) { $1 }) { backups in
                try await body(backups, bucket, server)
            }
        }
    }

    private func withRun<Result>(
        _ backups: PrivateBackups, _ bucket: PrivateStore.Bucket, _ body: (RunningProcess) async throws -> Result
    ) async throws -> Result {
        try await backups.command.withRunning(
            arguments: ["run", "--json", "--config", backups.configuration.string],
            environment: RunningProcess.cronEnvironment.merging(bucket.store.environment) { $1 }, body)
    }

    /// The most memory that it had so far, in bytes (VmHWM of proc(5)); `nil` once it has ended.
    private func peakMemory(of process: RunningProcess) -> Int? {
        let status = FileManager.default.contents(atPath: "/proc/\(process.pid)/status") ?? Data()
        let line = String(decoding: status, as: UTF8.self).firstMatch(of: /VmHWM:\s+(\d+) kB/)
        return line.flatMap { Int($0.output.1) }.map { $0 << 10 }
    }

    private func upload(_ backups: PrivateBackups, _ bucket: PrivateStore.Bucket) async throws -> (BackupReport, Int) {
        var peak = 0
        let output = try await withRun(backups, bucket) { process in
            try await eventually("the run ends", within: .seconds(180)) {
                peak = max(peak, peakMemory(of: process) ?? 0)
                return !process.isRunning
            }
            return try await process.output()
        }
        #expect(output.status == 0, "\(output)")
        return (try JSONDecoder().decode(BackupReport.self, from: Data(output.stdout.utf8)), peak)
    }

    @Test func `a dump of four parts comes whole, and takes no more memory than a small one`() async throws {
        try await withBackups { backups, bucket, _ in
            try fill(backups, mebibytes: 5)
            // What a process took last is missed when it ends between two looks: the larger of two.
            let (_, onePeak) = try await upload(backups, bucket)
            let (small, otherPeak) = try await upload(backups, bucket)
            let smallPeak = max(onePeak, otherPeak)
            try fill(backups, mebibytes: 200)
            let (large, largePeak) = try await upload(backups, bucket)
            let name = try #require(large.name)
            #expect(small.bytes < 8 << 20 && large.bytes > 192 << 20)
            #expect(smallPeak > 0 && largePeak < smallPeak + 8 << 20, "\(smallPeak) and \(largePeak) bytes")
            print(
                "peak memory: \(small.bytes) bytes with \(smallPeak >> 10) KiB, \(large.bytes) with \(largePeak >> 10)")

            let head = try bucket.ask(.head, "/nightly/app/\(name).dump")
            #expect(head.header("ETag")?.hasSuffix("-4\"") == true, "\(head.headers)")
            #expect(head.header("Content-Length") == "\(try backups.manifest(name).dump.bytes)")
            #expect(try bucket.partialUploads().isEmpty)

            // As the documents say it: fetched by other means, it is a dump like any other.
            let fetched = try bucket.ask(.get, "/nightly/app/\(name).dump", upTo: 256 << 20).body
            #expect(Checksum.sha256(of: fetched) == (try backups.manifest(name).dump.sha256))
        }
    }

    @Test func `a store that dies in an upload leaves the local backup; the next run has no trouble`() async throws {
        try await withBackups { backups, bucket, server in
            try fill(backups, mebibytes: 160)
            let output = try await withRun(backups, bucket) { process in
                try await eventually("the upload is under way", within: .seconds(120)) {
                    try !bucket.partialUploads().isEmpty
                }
                server.send(SIGKILL)
                return try await process.output(within: .seconds(60))
            }
            #expect(output.status == 3, "\(output)")
            #expect(output.stderr.contains("Error: The upload failed, the local backup is whole: "), "\(output)")
            #expect(output.stderr.contains(bucket.store.endpoint))
            #expect(backups.files(endingWith: ".part").isEmpty)
            let listing = try await backups.listing()
            #expect(listing.count == 1 && listing.first?.problem == nil && listing.first?.uploadedTo == nil)
            #expect(try await backups.run("verify").status == 0)

            try await withPrivateStore { store, _ in
                let bucket = try store.newBucket()
                try backups.configure(bucket.settings.merging(Self.uncompressed) { $1 })
                let (report, _) = try await upload(backups, bucket)
                #expect(report.uploadedTo != nil)
            }
        }
    }
}
