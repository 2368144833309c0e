import Decisions
import Foundation
import Glibc
import Logging
import Reporting
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Cleaning
@testable import Connections
@testable import Fleet
@testable import Host

/// The built program on a real engine. One after the other: each sees all images of it.
@Suite(.privateDocker, .serialized, .timeLimit(.minutes(5)))
struct CleanupDockerTests {
    let docker: PrivateDocker
    private let imageTimes = ImageTimes()

    init() throws { docker = try #require(PrivateDocker.current) }

    private var deadline: Deadline { Deadline(after: .seconds(30)) }

    /// Makes a container that does not run.
    /// - Parameter ran: it was started, and ended by itself.
    private func container(_ name: String, ran: Bool = false, _ options: [String]) async throws {
        let image = ran ? TestImage.exits : .ready
        try await docker.docker(["create", "--name", name] + options + [image.name])
        guard ran else { return }
        try await docker.docker("start", name)
        try await eventually("\(name) has ended") {
            try await docker.docker("inspect", "--format", "{{.State.Status}}", name) == "exited"
        }
    }

    private func ours(_ service: PrivateCleanup) -> [String] {
        ["--label", "autoscale.service=\(service.name)", "--label", "autoscale.managed=true"]
    }

    private func containers() async throws -> Set<String> {
        Set(try await docker.docker("ps", "--all", "--format", "{{.Names}}").split(separator: "\n").map(String.init))
    }

    private func images(_ repository: String) async throws -> Set<String> {
        Set(
            try await docker.docker("images", "--format", "{{.Tag}}", repository).split(separator: "\n").map(
                String.init))
    }

    /// Everything that there is, for a comparison.
    private func everything() async throws -> Set<String> {
        let lists = try await [
            docker.docker("ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.State}}"),
            docker.docker("images", "--all", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"),
            docker.docker("volume", "ls", "--format", "{{.Name}}"),
        ]
        return Set(lists.flatMap { $0.split(separator: "\n").map(String.init) })
    }

    /// Until what was made by now is older than a grace of 0: Docker's times are whole seconds.
    private func grown() async throws {
        let made = Int(Date().timeIntervalSince1970)
        try await eventually("two seconds have begun") { Int(Date().timeIntervalSince1970) >= made + 2 }
    }

    /// An image with a layer of its own, made a second after the one before, in the last minute: as if it had been built
    /// then and came here now.
    private func image(_ reference: String?, label: String? = nil) async throws {
        try await withTemporaryFolder { folder in
            try writeNoise(100_000, to: folder.appending("noise"))
            let layer = try archive(["noise"], of: folder)
            let made = Date(timeIntervalSince1970: Double(imageTimes.next())).formatted(.iso8601)
            let labels = label.map { ["\($0)": "true"] } ?? [:]
            try write(
                [
                    "architecture": "amd64", "os": "linux", "created": made, "config": ["Labels": labels],
                    "rootfs": ["type": "layers", "diff_ids": ["sha256:\(Checksum.sha256(of: layer))"]],
                ], to: folder.appending("config.json"))
            try write(
                [["Config": "config.json", "RepoTags": reference.map { [$0] } ?? [], "Layers": ["layer.tar"]]],
                to: folder.appending("manifest.json"))
            try Data(layer).write(to: URL(filePath: folder.appending("layer.tar").string))
            var call = DockerEngine.Call(.post, action: "load", path: "/images/load", timeout: .seconds(30))
            call.body = try archive(["manifest.json", "config.json", "layer.tar"], of: folder)
            call.contentType = "application/x-tar"
            let answer = try docker.engine.ask(call, before: deadline)
            try #require(answer.text.contains("Loaded image"), "\(answer.text)")
        }
    }

    private func write(_ object: Any, to path: FilePath) throws {
        try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: path.string))
    }

    /// By tar(1).
    private func archive(_ names: [String], of folder: FilePath) throws -> [UInt8] {
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/env")
        tar.arguments = ["tar", "-C", folder.string, "-cf", "\(folder).tar"] + names
        defer { try? FileManager.default.removeItem(atPath: "\(folder).tar") }
        try tar.run()
        tar.waitUntilExit()
        return Array(try Data(contentsOf: URL(filePath: "\(folder).tar")))
    }

    /// Removes what a test made, also when it throws.
    private func cleaningUp<Result>(_ body: () async throws -> Result) async throws -> Result {
        let before = Set(try await docker.docker("images", "--quiet", "--no-trunc").split(separator: "\n"))
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        for name in try await containers() { try await docker.docker("rm", "--force", "--volumes", name) }
        for id in Set(try await docker.docker("images", "--quiet", "--no-trunc").split(separator: "\n")).subtracting(
            before)
        {
            _ = try? await docker.docker("rmi", "--force", String(id))
        }
        for name in try await docker.docker("volume", "ls", "--quiet").split(separator: "\n") {
            try await docker.docker("volume", "rm", String(name))
        }
        return try result.get()
    }

    // MARK: Containers

    @Test func `containers of ours that ended or never started go, and nobody else's`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                let n = service.name
                try await container("\(n)_ended", ran: true, ours(service))
                try await container("\(n)_made", ran: false, ours(service))
                try await container("\(n)_kept", ran: true, ours(service) + ["--label", "autoscale.keep=true"])
                try await container("\(n)_adopted", ran: true, ["--label", "autoscale.service=\(n)"])
                try await container(
                    "\(n)_other", ran: true,
                    ["--label", "autoscale.service=x\(n)", "--label", "autoscale.managed=true"])
                try await container("\(n)_foreign", ran: true, [])
                try await container("\(n)_running", ours(service))
                try await docker.docker("start", "\(n)_running")
                let all = try await containers()
                try await grown()

                try service.configure(["CLEANUP_GRACE": "3600"])
                let young = try await service.run()
                #expect(young.status == 0, "\(young)")
                #expect(try await containers() == all, "younger than the grace")

                try service.configure([:])
                let run = try await service.run()
                #expect(run.status == 0, "\(run)")
                #expect(try await containers() == all.subtracting(["\(n)_ended", "\(n)_made"]))
                #expect(run.stdout.contains("Removed: container \(n)_ended (0 B)\n"), "\(run.stdout)")
                #expect(
                    run.stdout.hasSuffix("Cleanup done; removed, renamed or compressed: 2, freed: 0 B\n"),
                    "\(run.stdout)")
                #expect(run.stderr.isEmpty)

                try service.configure(["CLEANUP_OTHER_CONTAINERS": "true"])
                #expect(try await service.run().status == 0)
                #expect(
                    try await containers() == [
                        "\(n)_kept", "\(n)_adopted", "\(n)_other", "\(n)_running",
                    ], "asked for, those that are nobody's service go, too")
            }
        }
    }

    @Test func `while a monitor holds its lock no container goes, and then they do`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                let name = "\(service.name)_ended"
                try await container(name, ran: true, ours(service))
                try await grown()
                try FileManager.default.createDirectory(
                    atPath: service.stateFile.folder.string, withIntermediateDirectories: true)
                let monitor = Held(try RunLock(service.stateFile.lock))
                try await service.withRunning { process in
                    try await eventually("it has begun") { process.stdout.contains("Cleanup started\n") }
                    for _ in 0..<50 {
                        #expect(process.isRunning)
                        #expect(try await containers().contains(name))
                    }
                    monitor.release()
                    let output = try await process.output(within: .seconds(60))
                    #expect(output.status == 0, "\(output)")
                    #expect(try await !containers().contains(name))
                }
            }
        }
    }

    @Test func `a lock that is not free in time leaves the containers out, and the rest is done`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(["CLEANUP_LOG_MAX_SIZE": "1"], on: docker) { service in
                try await container("\(service.name)_ended", ran: true, ours(service))
                try await image(nil)
                try await grown()
                try service.write("more than one byte\n", to: service.logs.appending("autoscale.log"))
                try FileManager.default.createDirectory(
                    atPath: service.stateFile.folder.string, withIntermediateDirectories: true)
                let monitor = try RunLock(service.stateFile.lock)
                let report = await CleanupRun(
                    try service.load(), logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() },
                    interruption: Interruption(), lockPatience: .seconds(1)
                ).run()
                withExtendedLifetime(monitor) {}
                #expect(report.exitStatus == 3)
                #expect(report.events.contains { $0.code == "left_out_containers" && $0.text.contains("1 s") })
                #expect(try await containers() == ["\(service.name)_ended"])
                #expect(report.entries.filter(\.isDone).map(\.kind) == [.image, .log])
            }
        }
    }

    @Test func `the backend of an operation under way stays, and with a broken state file all do`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                let n = service.name
                try await container("\(n)_1", ours(service) + ["--label", "autoscale.op=\(n)_1"])
                try await container("\(n)_2", ours(service) + ["--label", "autoscale.op=\(n)_op"])
                try await container("\(n)_3", ours(service) + ["--label", "autoscale.op=\(n)_3"])
                try await grown()
                try service.write("{", to: service.stateFile.path)
                let broken = try await service.run()
                #expect(broken.status == 3)
                #expect(broken.stdout.contains("the operation under way is not known"), "\(broken.stdout)")
                #expect(try await containers().count == 3)

                for (backend, kept) in [("\(n)_1", "\(n)_1"), ("\(n)_op", "\(n)_2")] {
                    var state = State(service: n)
                    state.history.operation = .init(direction: .up, backend: backend)
                    try service.stateFile.save(state)
                    let report = try await service.report("--dry-run")
                    #expect(
                        report.entries.filter { $0.reason.code == "in_operation" }.map(\.name) == [kept],
                        "by its name, or by the operation that made it")
                }
                var state = State(service: n)
                state.history.operation = .init(direction: .up, backend: "\(n)_1")
                try service.stateFile.save(state)
                #expect(try await service.run().status == 0)
                #expect(try await containers() == ["\(n)_1"])
            }
        }
    }

    // MARK: Images

    @Test func `what a container uses, the configured and the newest two stay; older and dangling ones go`()
        async throws
    {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                let n = service.name
                for tag in ["used", "configured", "protected", "old", "previous", "current"] {
                    try await image("\(n):\(tag)", label: tag == "protected" ? "autoscale.keep" : nil)
                }
                try await docker.docker("tag", "\(n):old", "\(n):again")
                try await docker.docker("tag", "\(n):used", "other-\(n):1")
                try await image(nil)
                try await image(nil, label: "autoscale.keep")
                try await docker.docker("create", "--name", "\(n)_user", "\(n):used", "true")
                try await grown()
                try service.configure(["BACKEND_IMAGE": "docker.io/library/\(n):configured", "CLEANUP_GRACE": "3600"])
                #expect(try await service.run().status == 0)
                #expect(try await images(n).count == 7, "younger than the grace")

                try service.configure(["BACKEND_IMAGE": "docker.io/library/\(n):configured"])
                let run = try await service.report()
                #expect(run.exitStatus == 0, "\(run.events)")
                #expect(try await images(n) == ["used", "configured", "protected", "previous", "current"])
                #expect(try await images("other-\(n)") == ["1"])
                #expect(run.entries.filter(\.isDone).map(\.reason.code) == ["dangling", "older_image", "older_image"])
                #expect(
                    try await docker.docker("images", "--filter", "dangling=true", "--quiet").split(separator: "\n")
                        .count
                        == 1, "the protected one")
                #expect(run.freedBytes > 150_000 && run.freedBytes < 400_000, "two layers of 100 kB: \(run.freedBytes)")

                try service.configure(["BACKEND_IMAGE": "\(n):configured", "CLEANUP_KEEP_IMAGES": "1"])
                #expect(try await service.run().status == 0)
                #expect(try await images(n) == ["used", "configured", "protected", "current"])
            }
        }
    }

    /// The ways in which a second service names an image without having a container of it.
    @Test func `an image of another service stays, and those of this one's own past go`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                let n = service.name
                for tag in ["worker", "mine", "unknown", "now"] { try await image("\(n):\(tag)") }
                let id = try await docker.docker("inspect", "--format", "{{.Id}}", "\(n):worker")
                try await docker.docker("tag", "\(n):mine", "kept-\(n):mine")
                func past(_ service: String, _ tag: String) -> String {
                    "{\"service\": \"\(service)\", \"references\": [\"\(n):\(tag)\"]}"
                }
                let other = service.configuration.removingLastComponent().appending("shop.conf")
                let state = service.folder.appending("state/shop")
                try service.write(past(n, "mine"), to: service.stateFile.folder.appending("images.json"))
                try service.configure(["BACKEND_IMAGE": "\(n):now", "CLEANUP_KEEP_IMAGES": "1"])
                for way in ["configured", "in its past", "unreadable", "by its id"] {
                    let image = way == "by its id" ? id : way == "configured" ? "\(n):worker" : "\(n):later"
                    try service.write(
                        "SERVICE=shop\nSTATE_FILE=state/shop/autoscale.json\nBACKEND_IMAGE=\(image)\n", to: other)
                    if way == "in its past" {
                        try service.write(past("shop", "worker"), to: state.appending("images.json"))
                    }
                    if way == "unreadable" { try Data([0xFF, 0xFE]).write(to: URL(filePath: other.string)) }
                    try await docker.docker("tag", "kept-\(n):mine", "\(n):mine")
                    try await grown()
                    let run = try await service.run()
                    #expect(run.status == 0, "\(run)")
                    // By its id alone nothing says that the repository is shared: what nobody is known to need goes.
                    let left: Set = way == "by its id" ? ["worker", "now"] : ["worker", "unknown", "now"]
                    #expect(try await images(n) == left, "\(way): \(run.stdout)")
                    _ = try? FileManager.default.removeItem(atPath: state.string)
                }
            }
        }
    }

    @Test func `a configured image that is named by its id or not at all is no reason to remove others`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                let n = service.name
                for tag in ["1", "2", "3"] { try await image("\(n):\(tag)") }
                let id = try await docker.docker("inspect", "--format", "{{.Id}}", "\(n):1")
                try await docker.docker("rmi", "\(n):2")
                try await grown()
                for configured in [id, "", "sha256:\(n)", "\(n)x:1"] {
                    try service.configure(["BACKEND_IMAGE": configured])
                    #expect(try await service.run().status == 0)
                    #expect(try await images(n) == ["1", "3"], "\(configured)")
                }
            }
        }
    }

    // MARK: Asked for

    @Test func `volumes and build cache stay unless they are asked for, and named volumes always`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                let n = service.name
                let anonymous = try await docker.docker("volume", "create")
                let protected = try await docker.docker("volume", "create", "--label", "autoscale.keep=true")
                let named = try await docker.docker("volume", "create", "\(n)_data")
                try await docker.docker("create", "--name", "\(n)_user", "--volume", "/data", TestImage.ready.name)
                let used = try await docker.docker(
                    "inspect", "--format", "{{(index .Mounts 0).Name}}", "\(n)_user")
                try await grown()
                func volumes() async throws -> Set<String> {
                    Set(try await docker.docker("volume", "ls", "--quiet").split(separator: "\n").map(String.init))
                }
                #expect(try await service.run().status == 0)
                #expect(try await volumes() == [anonymous, protected, named, used])
                try service.configure(["CLEANUP_VOLUMES": "anonymous", "CLEANUP_GRACE": "3600"])
                #expect(try await service.run().status == 0)
                #expect(try await volumes().count == 4, "younger than the grace")
                try service.configure(["CLEANUP_VOLUMES": "anonymous"])
                let run = try await service.run()
                #expect(run.status == 0, "\(run)")
                #expect(try await volumes() == [protected, named, used])
            }
        }
    }

    @Test func `build cache goes when it is asked for`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                try await withTemporaryFolder { folder in
                    try writeNoise(100_000, to: folder.appending("noise"))
                    try "FROM scratch\nCOPY noise /noise\n".write(
                        toFile: folder.appending("Dockerfile").string, atomically: true, encoding: .utf8)
                    try await build(folder)
                }
                func records() throws -> Int { try docker.engine.usage(before: deadline).buildCache.count }
                let made = try records()
                try #require(made > 0)
                try await grown()
                #expect(try await service.run().status == 0)
                #expect(try records() == made)
                try service.configure(["CLEANUP_BUILD_CACHE": "true", "CLEANUP_GRACE": "3600"])
                #expect(try await service.run().status == 0)
                #expect(try records() == made, "used within the grace")
                try service.configure(["CLEANUP_BUILD_CACHE": "true"])
                let run = try await service.run()
                #expect(run.status == 0, "\(run)")
                #expect(run.stdout.contains("Removed: build cache ("), "\(run.stdout)")
                #expect(try records() < made)
            }
        }
    }

    /// By BuildKit, inside the engine: the classic builder has no cache of its own.
    private func build(_ folder: FilePath) async throws {
        var call = DockerEngine.Call(.post, action: "build", path: "/build?version=2", timeout: .seconds(60))
        call.body = try archive(["."], of: folder)
        call.contentType = "application/x-tar"
        let answer = try docker.engine.ask(call, before: Deadline(after: .seconds(60)))
        try #require(!answer.text.contains("\"error\""), "\(answer.text)")
    }

    @Test func `with too little free Docker's own share is named, and nothing is removed for it`() async throws {
        try await withPrivateCleanup(["CLEANUP_DISK_MIN_FREE": "99%", "CLEANUP_GRACE": "3600"], on: docker) { service in
            let things = try await everything()
            let report = try await service.report()
            #expect(report.exitStatus == 0)
            let low = try #require(report.lowDisks.first)
            #expect(low.largest.first?.name == "images", "the test images are all that there is: \(low)")
            #expect(report.events.map(\.code) == ["disk_low"])
            let afterwards = try await everything()
            #expect(afterwards == things)
        }
    }

    // MARK: Dry run

    @Test func `a dry run changes nothing, and its plan is what the real run does`() async throws {
        try await cleaningUp {
            try await withPrivateCleanup(on: docker) { service in
                let n = service.name
                try await container("\(n)_ended", ran: true, ours(service))
                try await container("\(n)_foreign", ran: true, [])
                for tag in ["1", "2", "3"] { try await image("\(n):\(tag)") }
                try await image(nil)
                _ = try await docker.docker("volume", "create")
                try await docker.docker(
                    ["create", "--name", "\(n)_made", "--volume", "/data"] + ours(service) + ["\(n):1", "true"])
                try service.write("a log\n", to: service.logs.appending("autoscale.log"))
                let stamp = service.stamp(secondsAgo: 50)
                try service.write("a log\n", to: service.logs.appending("backup.log.\(stamp)"))
                try service.write("{}\n", to: service.stateFile.history.path.appending("2024-01-15.jsonl"))
                try await grown()
                try service.configure([
                    "BACKEND_IMAGE": "\(n):3", "CLEANUP_KEEP_IMAGES": "1", "CLEANUP_LOG_MAX_SIZE": "1",
                    "CLEANUP_VOLUMES": "anonymous", "CLEANUP_OTHER_CONTAINERS": "true", "CLEANUP_BUILD_CACHE": "true",
                ])
                let files = FolderSnapshot(of: service.folder)
                let things = try await everything()
                let text = try await service.run("--dry-run")
                #expect(text.status == 0, "\(text)")
                let line = try #require(text.stdout.split(separator: "\n").first)
                #expect(line.split(separator: " ").prefix(3) == ["remove", "container", "\(n)_ended"], "\(line)")
                let planned = try await service.report("--dry-run")
                #expect(FolderSnapshot(of: service.folder) == files)
                let afterwards = try await everything()
                #expect(afterwards == things)

                let real = try await service.report()
                #expect(real.exitStatus == 0, "\(real.events)")
                #expect(real.planned.map(\.name) == planned.planned.map(\.name))
                #expect(real.planned.map(\.action) == planned.planned.map(\.action))
                #expect(real.planned.allSatisfy { $0.isDone })
                #expect(planned.entries.allSatisfy { !$0.isDone })
                #expect(real.done == real.planned.count && real.done >= 8)
                #expect(try await images(n) == ["1", "3"], "1 was of a container until this run")
                let next = try await service.report()
                #expect(next.entries.filter { $0.isDone && $0.kind == .image }.map(\.name) == ["\(n):1"])
                #expect(try await service.report("--dry-run").planned.isEmpty)
            }
        }
    }
}

/// A second after another, from a minute ago.
private final class ImageTimes: Sendable {
    private let time = Mutex(Int(Date().timeIntervalSince1970) - 60)

    func next() -> Int {
        time.withLock {
            $0 += 1
            return $0
        }
    }
}

/// A lock that is given up when told.
private final class Held: @unchecked Sendable {
    // Sendable: only the test that made it touches it.
    private var lock: RunLock?

    init(_ lock: consuming RunLock) { self.lock = consume lock }

    func release() { lock = nil }
}
