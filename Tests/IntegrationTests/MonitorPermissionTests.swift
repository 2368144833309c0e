import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Files that others could change, folders that we can't write, and runs of users other than root.
@Suite(.sharedDatabase)
struct MonitorPermissionTests {
    private static let nobody: UInt32 = 65534

    // MARK: Files that others could change

    @Test func `what others could change is refused before anything is touched`() async throws {
        try await withPrivateService(["BACKEND_ENV_FILE": "app.env"]) { service in
            let environment = service.folder.appending("app.env")
            #expect(FileManager.default.createFile(atPath: environment.string, contents: nil))
            chmod(environment.string, 0o600)
            try await dayHasRoom()
            _ = try await service.monitor()
            try service.load(150)
            let state = service.stateFile.removingLastComponent()
            let day = try #require(FolderSnapshot(of: state).names.first { $0.hasSuffix(".jsonl") })
            let beside = ["autoscale.json.lock", "upstream.conf.last-good", day].map { state.appending($0) }
            let files = [service.stateFile, service.nginx.upstreamFile, service.configuration, environment] + beside
            for path in files + files.map({ $0.removingLastComponent() }) {
                let mode = try #require(
                    FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? mode_t)
                chmod(path.string, mode | 0o002)
                try await expectRefusal(service, "\(path) is world-writable", "chmod o-w \(path)")
                chmod(path.string, mode)
            }
            // Root may work in another user's folders, but for those that say what is run; a file of another user's in
            // root's folder is refused.
            for path in files + [service.configuration, environment].map({ $0.removingLastComponent() }) {
                chown(path.string, Self.nobody, Self.nobody)
                try await expectRefusal(service, "\(path) is owned by uid 65534")
                chown(path.string, 0, 0)
            }
            #expect(try await service.monitor().stdout.contains("State: SCALING UP\n"), "all is well again")
        }
    }

    private func expectRefusal(_ service: PrivateService, _ words: String...) async throws {
        let folder = FolderSnapshot(of: service.folder)
        let upstream = FolderSnapshot(of: service.nginx.upstreamFile)
        let run = try await service.monitor()
        #expect(run.status == 77, "\(run)")
        for words in words { #expect((run.stdout + run.stderr).contains(words), "\(run)") }
        #expect(FolderSnapshot(of: service.folder) == folder, "\(words)")
        #expect(FolderSnapshot(of: service.nginx.upstreamFile) == upstream)
        #expect(try service.backends().count == 1)
    }

    // MARK: Other users

    @Test func `nobody's whole service needs no root, and says what it may not write`() async throws {
        try await withPrivateService { service in
            try await service.giveToNobody()
            func monitor() async throws -> ProcessOutput { try await service.run(["monitor"], as: "nobody") }
            let first = try await monitor()
            #expect(first.status == 0, "\(first)")
            #expect(first.stderr.isEmpty)
            try service.load(150)
            #expect(try await monitor().stdout.contains("Backend created successfully\n"))
            #expect(
                try service.backends().map { ProcessTable.user(of: $0.identity.pid) } == [Self.nobody, Self.nobody])
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
            try service.load(1)
            try await eventually("it is one again") {
                _ = try await monitor()
                return try service.backends().count == 1
            }
            #expect(FolderSnapshot(of: service.folder).names(notOf: Self.nobody).isEmpty)

            try service.load(150)
            let state = service.stateFile.removingLastComponent().string
            chmod(state, 0o500)
            let run = try await monitor()
            #expect(run.status == 77)
            #expect(run.stdout.contains("Error: \(state)/.autoscale.json.new could not be written"), "\(run.stdout)")
            #expect(run.stdout.contains("Permission denied"))
            #expect(try service.backends().count == 1)
            chmod(state, 0o700)
            #expect(try await monitor().stdout.contains("Backend created successfully\n"))
        }
    }

    @Test func `a folder of somebody else's is refused by a run that is not root's`() async throws {
        try await withPrivateService(["BACKEND_ENV_FILE": "env/app.env"]) { service in
            let environment = service.folder.appending("env")
            try FileManager.default.createDirectory(atPath: environment.string, withIntermediateDirectories: false)
            try DurableFile.replace(environment.appending("app.env"), with: Array("A=b\n".utf8))
            try await service.giveToNobody()
            #expect(try await service.run(["monitor"], as: "nobody").status == 0)
            let files = [service.stateFile, service.nginx.upstreamFile, service.configuration]
            let history = service.stateFile.removingLastComponent().appending("history")
            for folder in files.map({ $0.removingLastComponent() }) + [history, environment] {
                chown(folder.string, 1, 1)
                chmod(folder.string, 0o755)
                let before = [service.folder, service.nginx.upstreamFile].map { FolderSnapshot(of: $0) }
                let run = try await service.run(["monitor"], as: "nobody")
                #expect(run.status == 77, "\(run)")
                #expect((run.stdout + run.stderr).contains("\(folder) is owned by uid 1"), "\(run)")
                #expect([service.folder, service.nginx.upstreamFile].map { FolderSnapshot(of: $0) } == before)
                chown(folder.string, Self.nobody, Self.nobody)
            }
            #expect(try service.backends().count == 1)
        }
    }

    @Test func `what root's run makes in nobody's folders belongs to nobody`() async throws {
        try await withPrivateService { service in
            chown(service.folder.string, Self.nobody, Self.nobody)
            chown(service.nginx.upstreamFile.removingLastComponent().string, Self.nobody, Self.nobody)
            _ = try await service.monitor()
            try service.load(150)
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run)")
            // The application is not root's because root looked after it once; cron's user finds it.
            let backends = try service.backends().map(\.identity.pid)
            #expect(backends.count == 2)
            for pid in backends {
                let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
                for line in ["Uid", "Gid"] {
                    #expect(status.contains("\(line):\t65534\t65534\t65534\t65534\n"), "\(status)")
                }
                #expect(status.contains("Groups:\t65534 \n"), "\(status)")
                let home = try ProcessTable.environment(of: pid, containing: "AUTOSCALE_SERVICE=\(service.name)")?[
                    "HOME"]
                #expect(home == "/nonexistent")
            }
            let foreign = FolderSnapshot(of: service.folder).names(notOf: Self.nobody)
            #expect(foreign == ["config", "config/autoscale.conf"])
            #expect(FolderSnapshot(of: service.folder).names.count > 8)
            let upstream = FolderSnapshot(of: service.nginx.upstreamFile.removingLastComponent())
            #expect(upstream.names == ["upstream.conf"])
            #expect(upstream.names(notOf: Self.nobody).isEmpty)
        }
    }

    // MARK: Nothing can be written

    @Test func `with the disk full the step's intent can't be written, so nothing is started`() async throws {
        try await expectNothingStarted(
            with: """
                state=$(cat "$1/autoscale.json")
                mount -t tmpfs -o size=64k,mode=700 tmpfs "$1"
                printf '%s\\n' "$state" >"$1/autoscale.json"
                head -c 1m /dev/zero >"$1/fill" 2>/dev/null
                """,
            says: "State: SCALING UP\n", "could not be written or read: write: No space left on device")
    }

    @Test func `with the state folder read-only nothing is started`() async throws {
        try await expectNothingStarted(
            with: """
                mount --bind "$1" "$1"
                mount -o remount,bind,ro "$1"
                """, says: "could not be written or read: open: Read-only file system")
    }

    /// - Parameter script: what is done to the state folder `$1`, in a mount namespace of its own: nothing is left behind
    ///   whatever happens.
    private func expectNothingStarted(with script: String, says words: String...) async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            try service.load(150)
            let published = FolderSnapshot(of: service.nginx.upstreamFile)
            let hindered = try RunningProcess(
                "/usr/bin/unshare",
                arguments: [
                    "--mount", "sh", "-c", script + "\nshift\nexec \"$@\"", "sh",
                    service.stateFile.removingLastComponent().string, service.command.path.string, "monitor",
                    "--config", service.configuration.string,
                ], workingDirectory: "/")
            defer { hindered.end() }
            let begin = ContinuousClock.now
            let run = try await hindered.output()
            #expect(begin.duration(to: .now) < .seconds(10))
            #expect(run.status == 74, "\(run)")
            for words in words { #expect(run.stdout.contains(words), "\(run.stdout)") }
            #expect(try service.backends().count == 1)
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)
            let good = try await service.monitor()
            #expect(good.stdout.contains("State: SCALING UP\n"), "with room again: \(good.stdout)")
            #expect(try service.served()?.count == 2)
        }
    }
}
