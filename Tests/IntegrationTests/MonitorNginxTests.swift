import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// What a run does when NGINX is away, refuses, or serves something else.
@Suite(.sharedDatabase)
struct MonitorNginxTests {
    // MARK: It is not there

    @Test func `A9: with NGINX stopped nothing is started, written or left behind`() async throws {
        try await withPrivateService { service in
            try await service.nginx.stop()
            let found = FolderSnapshot(of: service.nginx.upstreamFile)
            let first = try await service.monitor()
            #expect(first.status == 69)
            #expect(first.stdout.contains("Error: nginx is not running"), "\(first.stdout)")
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == found)

            try await service.nginx.start()
            _ = try await service.monitor()
            try await service.nginx.stop()
            try service.load(150)
            let published = FolderSnapshot(of: service.nginx.upstreamFile)
            let later = try await service.monitor()
            #expect(later.status == 69)
            #expect(later.stdout.contains("Error: nginx is not running"), "\(later.stdout)")
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)
            #expect(try service.backends().count == 1, "the one of the run that could act")
            #expect(!FileManager.default.fileExists(atPath: service.nginx.pidFile.string))
        }
    }

    @Test func `A9: an NGINX that hangs is given up on, with nothing changed`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            try service.load(150)
            let published = FolderSnapshot(of: service.nginx.upstreamFile)
            let processes = try processesWorking(in: service.nginx.folder)
            for process in processes { try ProcessTable.send(SIGSTOP, to: process.identity) }
            let begin = ContinuousClock.now
            let run = try await service.monitor()
            #expect(begin.duration(to: .now) < .seconds(10))
            #expect(run.status == 69)
            #expect(run.stdout.contains("no answer within"), "\(run.stdout)")
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)
            #expect(try service.backends().count == 1)
            for process in processes { try ProcessTable.send(SIGCONT, to: process.identity) }
            #expect(try await service.monitor().stdout.contains("State: SCALING UP\n"))
        }
    }

    @Test func `an NGINX that was restarted by hand is found as it should be`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            _ = try await service.monitor()
            try await service.nginx.stop()
            try await service.nginx.start()
            func processes() throws -> Set<ProcessTable.Identity> {
                try Set(processesWorking(in: service.nginx.folder).map(\.identity))
            }
            try await eventually("its master and both workers run") { try processes().count == 3 }
            let before = try processes()
            let published = FolderSnapshot(of: service.nginx.upstreamFile)
            let run = try await service.monitor()
            #expect(run.status == 0)
            #expect(run.stdout.hasSuffix("State: NORMAL\n"), "\(run.stdout)")
            #expect(try processes() == before, "no reload")
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)
        }
    }

    // MARK: It refuses

    @Test
    func `U6: a test that fails takes the step back: last good file, no new backend, a pause before the next try`()
        async throws
    {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            let before = try (service.backends(), service.upstream(), service.served())
            try service.nginx.add("nonsense on;")

            try service.load(150)
            let up = try await service.monitor()
            #expect(up.status == 1)
            #expect(up.stdout.contains("State: SCALING UP\n"))
            #expect(up.stdout.contains("Error: NGINX refuses the new configuration"), "\(up.stdout)")
            #expect(up.stdout.contains("unknown directive"))
            #expect(
                up.stdout.contains(
                    "Warning: The last good upstream file is in place again: \(service.nginx.upstreamFile)\n"))
            #expect(try service.backends() == before.0)
            #expect(try service.upstream() == before.1)
            #expect(try service.served() == before.2)
            let held = try await service.monitor()
            #expect(held.stdout.contains("State: NORMAL\n"))
            #expect(held.stdout.contains("failed starts in a row: 1, next step up in"), "\(held.stdout)")

            try service.load(1)
            let down = try await service.monitor()
            #expect(down.status == 1)
            #expect(down.stdout.contains("State: SCALING DOWN\n"))
            #expect(try service.backends() == before.0)
            #expect(try service.upstream() == before.1)
            #expect(try service.served() == before.2)
        }
    }

    @Test func `A1: a reload that was accepted and not carried out is noticed and taken back`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            let before = try (service.backends(), service.upstream(), service.served())
            var other: TestSocket? = try .listening()
            let port = try #require(try other?.port)
            try service.nginx.add("server { listen 127.0.0.1:\(port); }", insideHTTP: true)
            try service.load(150)
            let begin = ContinuousClock.now
            let run = try await service.monitor()
            #expect(begin.duration(to: .now) < .seconds(10))
            #expect(run.status == 1)
            #expect(run.stdout.contains("Error: NGINX took the reload and does not serve generation"), "\(run.stdout)")
            #expect(run.stdout.contains("Warning: The last good upstream file is in place again"))
            #expect(try service.backends() == before.0)
            #expect(try service.upstream() == before.1)
            #expect(try service.served() == before.2)
            #expect(service.ask(times: 4) == [200, 200, 200, 200])

            withExtendedLifetime(other) {}
            other = nil
            try service.load(1)  // a step down, because one up has to wait after this one
            let good = try await service.monitor()
            #expect(good.status == 0, "\(good)")
            #expect(good.stdout.contains("State: SCALING DOWN\n"), "\(good.stdout)")
            #expect(try service.served()?.count == 1)
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
        }
    }

    @Test func `reloads that are not carried out are tried less and less often, and at once when the port is free`()
        async throws
    {
        try await withPrivateService(["MIN_BACKENDS": "2"]) { service in
            try await service.grow(to: 2)
            let reloads = service.folder.appending("reloads")
            let script = service.folder.appending("reload")
            try "#!/bin/sh\nPATH=$PATH:/usr/sbin\necho reload >>\(reloads)\nexec \(service.nginx.reloadCommand)\n"
                .write(
                    toFile: script.string, atomically: true, encoding: .utf8)
            chmod(script.string, 0o700)
            try service.configure(["MIN_BACKENDS": "2", "NGINX_RELOAD_COMMAND": script.string])
            var other: TestSocket? = try .listening()
            let port = try #require(try other?.port)
            try service.nginx.add("server { listen 127.0.0.1:\(port); }", insideHTTP: true)
            let victim = try #require(try service.backends().first)
            try ProcessTable.kill(victim.identity)

            var last = ""
            for number in 1...5 {
                let run = try await service.monitor()
                #expect(run.status == 1, "run \(number): \(run.stdout)")
                last = run.stdout
            }
            #expect(last.contains("NGINX did not take the last 2 publications: next try in "), "\(last)")
            let count = try String(contentsOfFile: reloads.string, encoding: .utf8).split(separator: "\n").count
            #expect((2...6).contains(count), "each try is a reload and a reload back: \(count)")
            #expect(try service.backends().count == 2, "nothing more is started than what was lost")

            withExtendedLifetime(other) {}
            other = nil
            let good = try await service.monitor()
            #expect(good.status == 0, "\(good.stdout)")
            #expect(try service.served()?.count == 2)
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
        }
    }

    @Test func `A1: a status address that is taken is noticed, the first time and when it is changed`() async throws {
        try await withPrivateService { service in
            let byHand = try service.upstream()
            let holder = try TestSocket.holding(port: service.nginx.statusPort)
            let first = try await service.monitor()
            #expect(first.status == 1)
            #expect(first.stdout.contains("it shows nothing: connection refused"), "\(first.stdout)")
            #expect(try service.upstream() == byHand)
            #expect(try service.backends().count == 1)
            withExtendedLifetime(holder) {}
        }
        try await withPrivateService { service in
            try await service.grow(to: 2)
            let before = try (service.backends(), service.upstream(), service.served())
            let other = try TestSocket.holding()
            try service.configure(["NGINX_STATUS_LISTEN": "127.0.0.1:\(try other.port)"])
            let run = try await service.monitor()
            #expect(run.status == 1)
            #expect(run.stdout.contains("it shows nothing: connection refused"), "\(run.stdout)")
            #expect(try service.backends() == before.0)
            #expect(try service.upstream() == before.1)
            #expect(try service.served() == before.2)
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
        }
    }

    // MARK: Somebody else's file

    @Test func `an upstream file that somebody edits is ours again after the next run`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            let before = try (service.upstream(), service.served())
            let copy = service.stateFile.removingLastComponent().appending("upstream.conf.before-autoscale")
            let kept = FolderSnapshot(of: copy)
            for edited in [
                before.0.replacing("max_fails=3", with: "max_fails=9"),
                "upstream \(service.nginx.upstreamName) { server 127.0.0.1:7; }\n",
            ] {
                try edited.write(toFile: service.nginx.upstreamFile.string, atomically: true, encoding: .utf8)
                try service.load(150)
                let run = try await service.monitor()
                #expect(run.status == 0, "\(run)")
                #expect(run.stdout.contains("State: NORMAL\n"), "a repair leaves no room for a step")
                #expect(try service.upstream() == before.0)
                #expect(try service.served() == before.1)
                #expect(!run.stdout.contains("a copy is kept"), "only the first one is kept: \(run.stdout)")
                #expect(FolderSnapshot(of: copy) == kept)
                try service.load(50)
                #expect(try await service.monitor().stdout.contains("State: NORMAL\n"))
            }
        }
    }

    @Test func `a step up waits for one publication, not for as long as somebody edits the file`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            try service.load(150)
            for state in ["NORMAL", "SCALING UP"] {
                let edited = "upstream \(service.nginx.upstreamName) { server 127.0.0.1:7; }\n"
                try edited.write(toFile: service.nginx.upstreamFile.string, atomically: true, encoding: .utf8)
                let run = try await service.monitor()
                #expect(run.status == 0, "\(run)")
                #expect(run.stdout.contains("State: \(state)\n"), "\(run.stdout)")
                #expect(try !service.upstream().contains("127.0.0.1:7;"))
            }
            #expect(try service.served()?.count == 3)
        }
    }

    @Test func `another set that NGINX has loaded is corrected`() async throws {
        try await withPrivateService { service in
            let ours = try await loadAnotherSet(service)
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run)")
            #expect(try service.upstream() == ours)
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
        }
    }

    /// docker-gen's known bug: "did not change, skipping notification", for ever.
    @Test func `A2: a file that is right on disk and was never loaded is loaded`() async throws {
        try await withPrivateService { service in
            let ours = try await loadAnotherSet(service)
            try ours.write(toFile: service.nginx.upstreamFile.string, atomically: true, encoding: .utf8)
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run)")
            #expect(run.stdout.contains("NGINX confirms"), "\(run.stdout)")
            #expect(try service.served()?.first?.port != 9)
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
        }
    }

    /// Lets NGINX serve a file like ours with a server that is not there.
    /// - Returns: our file's text.
    private func loadAnotherSet(_ service: PrivateService) async throws -> String {
        _ = try await service.monitor()
        let ours = try service.upstream()
        let generation = try #require(try #/generation (\S+)/#.firstMatch(in: ours)?.1)
        let address = try #require(try service.served()?.first)
        let foreign = ours.replacing(generation, with: "0123456789abcdef").replacing(
            "\(address)", with: "127.0.0.1:9")
        try foreign.write(toFile: service.nginx.upstreamFile.string, atomically: true, encoding: .utf8)
        let reload = try await ChildProcess.run(CommandWords(service.nginx.reloadCommand), timeout: .seconds(10))
        #expect(reload.termination.isSuccess)
        try await eventually("the other set is served") { try service.served()?.first?.port == 9 }
        return ours
    }
}

extension PrivateService {
    fileprivate func upstream() throws -> String {
        try String(contentsOfFile: nginx.upstreamFile.string, encoding: .utf8)
    }
}

extension PrivateNginx {
    /// Adds lines to nginx.conf that it takes at the next reload: at the end, or inside its http block.
    fileprivate func add(_ text: String, insideHTTP: Bool = false) throws {
        var lines = try String(contentsOfFile: configuration.string, encoding: .utf8)
        if insideHTTP {
            lines = lines.replacing("http {\n", with: "http {\n\(text)\n")
        } else {
            lines += text + "\n"
        }
        try lines.write(toFile: configuration.string, atomically: true, encoding: .utf8)
    }
}
