import Decisions
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Cleaning
@testable import Host

/// The folder of the logs: nothing is lost, and nothing of others is touched.
@Suite(.timeLimit(.minutes(2)))
struct LogFolderTests {
    private static let now = 1_705_329_005
    private static let stamp = "20240115_143005"

    private func write(_ text: String, to path: FilePath) throws {
        try text.write(toFile: path.string, atomically: false, encoding: .utf8)
    }

    private func text(_ path: FilePath) throws -> String {
        guard path.string.hasSuffix(".gz") else { return try String(contentsOfFile: path.string, encoding: .utf8) }
        let process = Process()
        let pipe = Foundation.Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path.string]
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    private func found(in folder: FilePath) throws -> [String: FoundFile] {
        let logs = try #require(try LogFolder(folder, backendPrefix: "app_backend"))
        return Dictionary(uniqueKeysWithValues: try logs.files(at: Self.now).map { ($0.name, $0) })
    }

    // MARK: No line is lost

    @Test func `a writer that appends numbered lines through rotation and compression loses none`() async throws {
        try await withTemporaryFolder { folder in
            let log = folder.appending("autoscale.log")
            let isOver = Mutex(false)
            let written = Mutex(0)
            // As cron does: a shell opens the log, a few lines are written, it is closed, and so on.
            let writer = Thread {
                var number = 0
                while !isOver.withLock({ $0 }) {
                    guard
                        let file = try? FileDescriptor.open(
                            log, .writeOnly, options: [.create, .append], permissions: .ownerReadWrite)
                    else { continue }
                    for _ in 0..<6 {
                        number += 1
                        _ = try? file.writeAll("line \(number)\n".utf8)
                        usleep(60_000)  // a run takes its time: between two lines a log can be renamed and compressed
                    }
                    try? file.close()
                    written.withLock { $0 = number }
                }
                written.withLock { $0 = -number }
            }
            writer.start()
            defer { isOver.withLock { $0 = true } }
            var compressed = 0
            for round in 0..<15 {
                try await eventually("there is a log again") { FileManager.default.fileExists(atPath: log.string) }
                let logs = try #require(try LogFolder(folder, backendPrefix: "app"))
                _ = try logs.rotate("autoscale.log", at: Self.now + round)
                for file in try logs.files(at: Self.now) where file.role == .rotatedLog {
                    if case .done = try await logs.compress(file.name) { compressed += 1 }
                }
            }
            isOver.withLock { $0 = true }
            try await eventually("the writer has ended") { written.withLock { $0 <= 0 } }
            let total = -written.withLock { $0 }
            #expect(compressed > 5)
            var lines: [String] = []
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.string) {
                #expect(!name.hasSuffix(".part"))
                lines += try text(folder.appending(name)).split(separator: "\n").map(String.init)
            }
            #expect(lines.count == total)
            #expect(Set(lines) == Set((1...total).map { "line \($0)" }))
        }
    }

    @Test func `what somebody has open for writing is left until they close it`() async throws {
        try await withTemporaryFolder { folder in
            let name = "backup.log.\(Self.stamp)"
            let path = folder.appending(name)
            try write("one\n", to: path)
            let writer = try FileDescriptor.open(path, .writeOnly, options: [.append])
            #expect(try found(in: folder)[name]?.isWritten == true)
            let logs = try #require(try LogFolder(folder, backendPrefix: "app"))
            #expect(try await logs.compress(name) == .stillWritten)
            try writer.writeAll("two\n".utf8)
            try writer.close()
            #expect(try found(in: folder)[name]?.isWritten == false)
            guard case .done = try await logs.compress(name) else {
                Issue.record("not compressed")
                return
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["\(name).gz"])
            #expect(try text(folder.appending("\(name).gz")) == "one\ntwo\n")
            #expect(try FileOwnership(of: folder.appending("\(name).gz"))?.mode == .ownerReadWrite)
        }
    }

    @Test func `who comes to write while it is compressed is let in, and nothing of theirs is lost`() async throws {
        try await withTemporaryFolder { folder in
            let name = "autoscale.log.\(Self.stamp)"
            let path = folder.appending(name)
            try writeNoise(1 << 26, to: path)  // gzip has seconds of work with it
            let isOpen = Mutex(false)
            let writer = Thread {
                while !FileManager.default.fileExists(atPath: "\(path).gz.part") { usleep(1000) }
                guard let file = try? FileDescriptor.open(path, .writeOnly, options: [.append]) else { return }
                _ = try? file.writeAll("the last line\n".utf8)
                try? file.close()
                isOpen.withLock { $0 = true }
            }
            let logs = try #require(try LogFolder(folder, backendPrefix: "app"))
            writer.start()
            #expect(try await logs.compress(name) == .stillWritten)
            try await eventually("the writer was let in") { isOpen.withLock { $0 } }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == [name])
            let end = try Data(contentsOf: URL(filePath: path.string)).suffix(14)
            #expect(String(decoding: end, as: UTF8.self) == "the last line\n")
        }
    }

    @Test func `a compression that is told to end leaves the original alone`() async throws {
        try await withTemporaryFolder { folder in
            let name = "autoscale.log.\(Self.stamp)"
            try Data(count: 1 << 28).write(to: URL(filePath: folder.appending(name).string))
            let logs = try #require(try LogFolder(folder, backendPrefix: "app"))
            let outcome = try await logs.compress(name, watch: { false })
            guard case .failed = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == [name])
        }
    }

    @Test func `rotation is a new name for the same file, and never takes one that is there`() async throws {
        try await withTemporaryFolder { folder in
            try write("old\n", to: folder.appending("autoscale.log"))
            let logs = try #require(try LogFolder(folder, backendPrefix: "app"))
            #expect(try logs.rotate("autoscale.log", at: Self.now) == "autoscale.log.\(Self.stamp)")
            try write("new\n", to: folder.appending("autoscale.log"))
            #expect(throws: FileFailure.self) { try logs.rotate("autoscale.log", at: Self.now) }
            #expect(try text(folder.appending("autoscale.log")) == "new\n")
            #expect(try text(folder.appending("autoscale.log.\(Self.stamp)")) == "old\n")
        }
    }

    // MARK: What is not ours

    @Test func `links, second names, folders and files of other file systems are seen and never touched`()
        async throws
    {
        try await withTemporaryFolder { outer in
            let folder = outer.appending("logs")
            let elsewhere = outer.appending("elsewhere")
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
            try write("precious\n", to: elsewhere)
            let rotated = "autoscale.log.\(Self.stamp)"
            symlink(elsewhere.string, folder.appending(rotated).string)
            link(elsewhere.string, folder.appending("backup.log.\(Self.stamp)").string)
            mkdir(folder.appending("cleanup.log.\(Self.stamp)").string, 0o700)
            mkfifo(folder.appending("healthcheck.log").string, 0o600)
            try write("mounted\n", to: folder.appending("backup.log"))
            var template = Array("/dev/shm/autoscale-test-XXXXXX".utf8CString)
            let mounted = try #require(mkdtemp(&template).map { String(cString: $0) })
            defer { try? FileManager.default.removeItem(atPath: mounted) }
            try write("of another device\n", to: FilePath("\(mounted)/file"))
            try run("mount", "--bind", "\(mounted)/file", folder.appending("backup.log").string)
            defer { try? run("umount", folder.appending("backup.log").string) }
            let before = FolderSnapshot(of: outer)

            let found = try found(in: folder)
            #expect(found[rotated]?.oddity == .link)
            #expect(found["backup.log.\(Self.stamp)"]?.oddity == .secondName)
            #expect(found["cleanup.log.\(Self.stamp)"]?.oddity == .notAFile)
            #expect(found["healthcheck.log"]?.oddity == .notAFile)
            #expect(found["backup.log"]?.oddity == .otherDevice)
            let logs = try #require(try LogFolder(folder, backendPrefix: "app"))
            for name in found.keys {  // also where the plan is not asked
                #expect(throws: FileFailure.self) { try logs.remove(name) }
                #expect(throws: FileFailure.self) { try logs.rotate(name, at: Self.now + 9) }
                await #expect(throws: FileFailure.self) { try await logs.compress(name) }
            }
            #expect(FolderSnapshot(of: outer) == before)
        }
    }

    @Test func `a folder that is a link, or that anybody may write, is refused`() async throws {
        try await withTemporaryFolder { outer in
            let folder = outer.appending("real")
            mkdir(folder.string, 0o700)
            symlink(folder.string, outer.appending("logs").string)
            #expect(throws: CleanupFailure.unsafe(.init(path: outer.appending("logs").string, cause: .symbolicLink))) {
                _ = try LogFolder(outer.appending("logs"), backendPrefix: "app") != nil
            }
            chmod(folder.string, 0o777)
            #expect(throws: CleanupFailure.unsafe(.init(path: folder.string, cause: .worldWritable))) {
                _ = try LogFolder(folder, backendPrefix: "app") != nil
            }
            let absent = try LogFolder(outer.appending("absent"), backendPrefix: "app")
            #expect(absent == nil)
        }
    }

    @Test func `a file that was exchanged since it was seen is left alone`() async throws {
        try await withTemporaryFolder { path in
            try write("seen\n", to: path.appending("a"))
            let folder = try #require(try OwnFolder(path))
            let item = try #require(try folder.items { $0 == "a" }.first)
            try write("another\n", to: path.appending("b"))
            rename(path.appending("b").string, path.appending("a").string)
            #expect(throws: FileFailure.self) { try folder.remove(item) }
            #expect(throws: FileFailure.self) { try folder.rename(item, to: "c") }
            #expect(throws: FileFailure.self) { try folder.open(item) }
            #expect(try text(path.appending("a")) == "another\n")
        }
    }

    @Test func `two at a time are kept apart by the folder's own lock`() async throws {
        try await withTemporaryFolder { path in
            let first = try #require(try LogFolder(path, backendPrefix: "app"))
            let second = try #require(try LogFolder(path, backendPrefix: "app"))
            #expect(first.lock())
            #expect(!second.lock())
        }
    }

    // MARK: Names

    @Test(
        "Names of ours, and others",
        arguments: [
            ("autoscale.log", .log), ("healthcheck.log", .log), ("cleanup.log.20240115_143005", .rotatedLog),
            ("backup.log.20240115_143005.gz", .compressedLog), ("backup.log.20240115_143005.gz.part", .leftover),
            ("app_backend_1705329005.log", .backendLog), ("app_backend_1705329005_2.log", .backendLog),
            ("shop.log", nil), ("autoscale.log.1", nil), ("autoscale.log.20240230_143005", nil),
            ("autoscale.log.20240115_143005.bz2", nil), ("autoscale.log20240115_143005", nil), ("autoscale.logs", nil),
            ("app_backend_.log", nil), ("app_backend_x.log", nil), ("app_backend_1_2_3_4.log", nil),
            ("app_backend_1705329005.log.gz", nil), ("app_backends_1.log", nil), ("", nil), (".log", nil),
        ] as [(String, FoundFile.Role?)])
    func names(_ name: String, _ role: FoundFile.Role?) {
        #expect(LogName(name, backendPrefix: "app_backend")?.role == role)
    }

    private func run(_ program: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
