import Connections
import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Real processes of this host; one test after the other, because each looks at all of them again and again.
@Suite(.serialized) struct ProcessTargetTests {
    private let deadline = Deadline(after: .seconds(50))

    private func get(_ backend: Backend) async throws -> String {
        let address = try #require(backend.address)
        return try await ChildProcess.run(
            CommandWords("busybox wget -q -O - http://\(address)/"), timeout: .seconds(5)
        ).output
    }

    // MARK: What every target does

    private func suite(_ check: (ScalingTargetSuite) async throws -> Void) async throws {
        try await withPrivateProcessTarget { service in
            try await check(ScalingTargetSuite(service.target(), ports: service.hostPorts))
        }
    }

    @Test func `finds nothing at first`() async throws { try await suite { try await $0.findsNothingAtFirst() } }
    @Test func `starts one that runs and answers`() async throws {
        try await suite { try await $0.startsOneThatRunsAndAnswers() }
    }
    @Test func `starting an operation again is one backend`() async throws {
        try await suite { try await $0.startingAnOperationAgainIsOneBackend() }
    }
    @Test func `stops, and may be told twice`() async throws {
        try await suite { try await $0.stopsAndMayBeToldTwice() }
    }
    @Test func `removes a running one, and may be told twice`() async throws {
        try await suite { try await $0.removesARunningOneAndMayBeToldTwice() }
    }
    @Test func `lists the oldest first`() async throws { try await suite { try await $0.listsTheOldestFirst() } }
    @Test func `counts what is connected`() async throws { try await suite { try await $0.countsWhatIsConnected() } }
    @Test func `leaves a port that somebody listens on`() async throws {
        try await suite { try await $0.leavesAPortThatSomebodyListensOn() }
    }
    @Test func `says that every port is taken`() async throws {
        try await suite { try await $0.saysThatEveryPortIsTaken() }
    }
    @Test func `starts nothing when time is over`() async throws {
        try await suite { try await $0.asksNothingOfATargetWhenTimeIsOver() }
    }

    // MARK: What only processes do

    @Test func `A started backend runs, answers, and is found again by another run`() async throws {
        try await withPrivateProcessTarget { service in
            let backend = try await service.target().start(operation: "app_1700000000", created: 7, before: deadline)
            #expect(backend.name == "app_1700000000")
            #expect(backend.origin == .managed(operation: "app_1700000000"))
            #expect(backend.created == 7)
            #expect(backend.activity == .running)
            #expect(backend.address?.port == service.hostPorts.lowerBound)
            try await eventually("it answers") { try await get(backend) == "hello" }
            #expect(try await service.target().discover(before: deadline) == Discovery(backends: [backend]))
        }
    }

    /// Bound and not listening: in no list of listeners, and a server could not have it all the same.
    @Test func `A port that somebody only holds is passed over`() async throws {
        try await withPrivateProcessTarget { service in
            let holder = try TestSocket.holding(port: service.hostPorts.lowerBound)
            let backend = try await service.target().start(operation: "app_1", created: 1, before: deadline)
            #expect(backend.address?.port == service.hostPorts.lowerBound + 1)
            withExtendedLifetime(holder) {}
        }
    }

    @Test func `Another service's backends are strangers`() async throws {
        try await withPrivateProcessTarget { one in
            try await withPrivateProcessTarget { other in
                _ = try await one.target().start(operation: "app_1", created: 1, before: deadline)
                #expect(try await other.target().discover(before: deadline).backends == [])
            }
        }
    }

    @Test func `A stopped backend is gone with everything it started, and stopping it again is fine`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target()
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            try await eventually("it answers") { try await get(backend) == "hello" }
            try await target.stop(backend, before: deadline)
            #expect(try service.processes() == [])
            #expect(try await target.discover(before: deadline).backends == [])
            try await target.stop(backend, before: deadline)
            try await target.remove(backend, before: deadline)
            try await target.remove(backend, before: deadline)
            #expect(FileManager.default.fileExists(atPath: service.logFolder.appending("app_1.log").string))
        }
    }

    @Test func `A backend that ignores SIGTERM, or is stopped, is killed after the stop time-out`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target(
                service.shell("trap '' TERM; while :; do sleep 0.1; done"), stopTimeout: .milliseconds(300))
            let stubborn = try await target.start(operation: "app_1", created: 1, before: deadline)
            let frozen = try await target.start(operation: "app_2", created: 1, before: deadline)
            try ProcessTable.send(SIGSTOP, to: #require(ProcessTable.Identity(frozen.id)))
            try await target.stop(stubborn, before: deadline)
            try await target.remove(frozen, before: deadline)
            #expect(try service.processes() == [])
        }
    }

    @Test func `A backend gets the time it needs to end`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target(
                service.shell("trap 'sleep 0.5; echo done; exit 0' TERM; while :; do sleep 0.05; done"))
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            try await target.stop(backend, before: deadline)
            let log = try String(contentsOfFile: service.logFolder.appending("app_1.log").string, encoding: .utf8)
            #expect(log == "done\n")
        }
    }

    @Test func `What a leader that died by itself left behind is removed with it`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target()
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            let leader = try #require(ProcessTable.Identity(backend.id))
            try await eventually("it answers") { try await get(backend) == "hello" }
            try ProcessTable.kill(leader)
            try await eventually("it is gone") { !ProcessTable.isRunning(leader) }
            // What is left serves on its port: it is the backend, and nobody is missed.
            let found = try await target.discover(before: deadline)
            let left = try #require(found.backends.first)
            #expect(found.backends.count == 1)
            #expect(left.name == backend.name && left.address == backend.address && left.id != backend.id)
            #expect(found.warnings.count == 1)
            #expect(found.warnings[0].english.contains("runs in the background"))
            #expect(try await get(left) == "hello")
            try await target.remove(backend, before: deadline)
            #expect(try service.processes() == [])
        }
    }

    @Test func `A number that another process has by now is left alone`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target()
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            let identity = try #require(ProcessTable.Identity(backend.id))
            let earlier = Backend(
                id: "\(identity.pid)/\(identity.startTime - 1)", name: backend.name, origin: backend.origin, created: 1,
                activity: .running, address: backend.address)
            try await target.stop(earlier, before: deadline)
            try await target.remove(earlier, before: deadline)
            #expect(ProcessTable.isRunning(identity))
        }
    }

    @Test func `A child that a backend forks is no backend, whatever it carries`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target(service.shell("sleep 30 & setsid sleep 31 & exec sleep 32"))
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            try await eventually("both children run") { try service.processes().count == 3 }
            #expect(try await target.discover(before: deadline) == Discovery(backends: [backend]))
            try await target.stop(backend, before: deadline)
            // The job in a session of its own outlives it: neither counted nor touched, and said.
            let job = try #require(service.processes().first)
            #expect(try service.processes().count == 1)
            let found = try await target.discover(before: deadline)
            #expect(found.backends == [])
            #expect(found.warnings.count == 1)
            #expect(found.warnings.first?.english.hasPrefix("process \(job.identity.pid) was left by app_1") == true)
        }
    }

    @Test func `A program that ends at once is reported with its last words`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target(service.shell("echo one; printf 'no\\033 database\\n' >&2; exit 3"))
            let log = service.logFolder.appending("app_1.log")
            let ended = await #expect(throws: TargetError.self) {
                try await target.start(operation: "app_1", created: 1, before: deadline)
            }
            #expect(
                ended?.english
                    == "app_1 did not stay: it ended at once; the end of \(log): one | no\\u{1b} database")
            let found = try await target.discover(before: deadline)
            #expect(found.backends == [])
            let silent = service.target(service.shell("true"))
            let quiet = await #expect(throws: TargetError.self) {
                try await silent.start(operation: "app_1", created: 1, before: deadline)
            }
            #expect(quiet?.english == "app_1 did not stay: it ended at once and wrote nothing to \(log)")
        }
    }

    @Test(
        "A program that replaces its environment, or its title, stays the backend that it is",
        arguments: [
            "exec env -i busybox httpd -f -p 127.0.0.1:$PORT -h site",
            "exec env -i busybox httpd -f -p 127.0.0.1:$PORT -h site >/dev/null 2>&1",
            "sleep 0.4; exec env -i busybox httpd -f -p 127.0.0.1:$PORT -h site",
            "busybox httpd -f -p 127.0.0.1:$PORT -h site & exec perl -e '$0 = q(x) x 30000; sleep 30'",
            "busybox httpd -f -p 127.0.0.1:$PORT -h site & exec perl -e 'sleep 1; $0 = q(x) x 30000; sleep 30'",
        ], [true, false])
    func environmentReplaced(script: String, isRemembered: Bool) async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target(service.shell(script))
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            try await eventually("nothing tells but what is kept") {
                let entry = "AUTOSCALE_SERVICE=\(service.service)"
                return try service.processes().filter(\.isSessionLeader).allSatisfy { process in
                    try ProcessTable.environment(of: process.identity.pid, containing: entry) == nil
                }
            }
            // Without the memory the log tells; one that writes no log is lost then.
            if !isRemembered {
                try FileManager.default.removeItem(atPath: service.folder.appending("state.json.processes").string)
                if script.contains("/dev/null") { return }
            }
            try await eventually("it listens") {
                try SocketTable().listeningPorts.contains(#require(backend.address).port)
            }
            let found = try await service.target(service.shell(script)).discover(before: deadline)
            #expect(found == Discovery(backends: [backend]))
            #expect(target.impostors(among: found.backends) == [:])
            #expect(try await target.start(operation: "app_1", created: 1, before: deadline) == backend)
            let second = try await target.start(operation: "app_2", created: 2, before: deadline)
            #expect(second.address != backend.address)
            for backend in [backend, second] { try await target.stop(backend, before: deadline) }
            #expect(try await target.discover(before: deadline).backends == [])
            #expect(try service.processes() == [])
        }
    }

    @Test(
        "A program that puts itself into the background is ended and named, however it does so",
        arguments: [
            "busybox httpd -f -p 127.0.0.1:$PORT -h site & exit 0",
            "nohup busybox httpd -f -p 127.0.0.1:$PORT -h site >/dev/null 2>&1 &",
            "setsid --fork busybox httpd -f -p 127.0.0.1:$PORT -h site",
            "setsid --fork env -i busybox httpd -f -p 127.0.0.1:$PORT -h site >/dev/null 2>&1",
            "busybox httpd -p 127.0.0.1:$PORT -h site",
            "(setsid sh -c 'sleep 0.1; busybox httpd -f -p 127.0.0.1:$PORT -h site & exit 0' &)",
            "setsid --fork sleep 30; exit 1",
        ])
    func background(script: String) async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target(service.shell(script))
            for number in 1...2 {
                let error = await #expect(throws: TargetError.self) {
                    try await target.start(operation: "app_\(number)", created: 1, before: deadline)
                }
                guard case .didNotStay(name: "app_\(number)", let end) = error else {
                    Issue.record("unexpected: \(String(describing: error))")
                    return
                }
                #expect(end.english.contains("put itself into the background"))
                #expect(end.english.contains("BACKEND_COMMAND must stay in the foreground"))
                let left = try service.processes()
                #expect(left == [])
            }
            let found = try await target.discover(before: deadline)
            #expect(found == Discovery(backends: []))
        }
    }

    @Test func `One that goes into the background later is its backend as long as it holds its port`() async throws {
        try await withPrivateProcessTarget { service in
            let script = "sleep 1; setsid --fork busybox httpd -f -p 127.0.0.1:$PORT -h site; exit 0"
            let target = service.target(service.shell(script))
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            let next = service.target(service.shell(script))
            try await eventually("it is in the background") {
                guard let found = try await next.discover(before: deadline).backends.first else { return false }
                guard found.id != backend.id else { return false }
                return try await get(found) == "hello"
            }
            let found = try await next.discover(before: deadline)
            #expect(found.backends.map(\.name) == ["app_1"])
            #expect(found.warnings.first?.english.contains("keep BACKEND_COMMAND in the foreground") == true)
            #expect(next.impostors(among: found.backends) == [:])
            try await next.stop(found.backends[0], before: deadline)
            #expect(try service.processes() == [])
        }
    }

    // MARK: Whose port it is

    private static let server =
        "import http.server, os, socket; S = http.server.ThreadingHTTPServer; "
        + "H = http.server.SimpleHTTPRequestHandler; P = int(os.environ['PORT']); "

    @Test(
        "A socket that listens for a backend is its own, whoever of it holds it",
        arguments: [
            "S.address_family = socket.AF_INET6; S(('::', P), H).serve_forever()",
            "S(('0.0.0.0', P), H).serve_forever()",
            "s = S(('127.0.0.1', P), H); os.fork() or s.serve_forever(); s.server_close(); os.wait()",
            "s = S(('127.0.0.1', P), H); os.fork() or (os.setsid(), s.serve_forever()); s.server_close(); os.wait()",
            "S.allow_reuse_port = 1; os.fork(); x = socket.socket(); x.setsockopt(1, 15, 1); x.bind(('127.0.0.1', P)); "
                + "x.listen(); s = S(('127.0.0.1', 0), H); s.socket = x; s.serve_forever()",
        ])
    func ownSockets(program: String) async throws {
        try await withPrivateProcessTarget { service in
            let command = CommandWords(program: "/usr/bin/python3", arguments: ["-c", Self.server + program])
            let backend = try await service.target(command).start(operation: "app_1", created: 1, before: deadline)
            try await eventually("it answers") {
                (try? CurlClient().send(
                    HTTPRequest(.get, "http://\(#require(backend.address))/", timeout: .seconds(5))
                ).status) == 200
            }
            let found = try await service.target(command).discover(before: deadline)
            #expect(found == Discovery(backends: [backend]))
            #expect(service.target(command).impostors(among: [backend]) == [:])
        }
    }

    @Test(
        "What somebody else answers on a backend's port is not the backend's answer",
        arguments: ["exec sleep 60", "exec busybox httpd -f -p [::1]:$PORT -h site"])
    func foreignSockets(script: String) async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target(service.shell(script))
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            let port = try #require(backend.address?.port)
            #expect(target.impostors(among: [backend]) == [:])
            let site = service.folder.appending("site").string
            let foreign = try RunningProcess(
                "/bin/busybox", arguments: ["httpd", "-f", "-p", "127.0.0.1:\(port)", "-h", site])
            defer { foreign.end() }
            try await eventually("it answers there") { try await get(backend) == "hello" }
            let words = "another program answers on its port \(port): process \(foreign.pid) (/bin/busybox)"
            #expect(target.impostors(among: [backend])[backend.id]?.english.hasPrefix(words) == true)
            let found = try await target.discover(before: deadline)
            #expect(found.backends == [backend])
            #expect(found.warnings.first?.english.hasPrefix("app_1: \(words)") == true)
            let strangers = try await target.strangers(
                at: [#require(backend.address)], beside: found.backends, before: deadline)
            #expect(try strangers == [#require(backend.address)])
        }
    }

    @Test func `A port is its backend's before it listens, and no longer than it lives`() async throws {
        try await withPrivateProcessTarget { service in
            let port = service.hostPorts.lowerBound
            let target = service.target(service.shell("exec sleep 60"), ports: port...port)
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            try await withPrivateProcessTarget { other in
                await #expect(throws: TargetError.noFreePort(range: "\(port)-\(port)")) {
                    try await other.target(ports: port...port).start(operation: "app_2", created: 1, before: deadline)
                }
                try await target.remove(backend, before: deadline)
                let free = try await other.target(ports: port...port)
                    .start(operation: "app_2", created: 1, before: deadline)
                #expect(free.address == backend.address)
            }
        }
    }

    /// Between two programs a process has no environment for a moment, and looks as if it hid it.
    @Test func `A program that becomes another one again and again is found all the same`() async throws {
        try await withPrivateProcessTarget { service in
            let script = service.folder.appending("again").string
            try "#!/bin/sh\n[ $1 -gt 0 ] && exec $0 $(($1 - 1))\nexec sleep 100\n".write(
                toFile: script, atomically: true, encoding: .utf8)
            chmod(script, 0o700)
            let target = service.target(CommandWords(program: script, arguments: ["100000"]))
            for _ in 1...3 {
                try await withThrowingTaskGroup { starts in
                    for number in 1...8 {
                        starts.addTask {
                            let backend = try await target.start(
                                operation: "app_\(number)", created: 1, before: deadline)
                            try await target.remove(backend, before: deadline)
                        }
                    }
                    try await starts.waitForAll()
                }
            }
        }
    }

    @Test func `A program that is not there, or not executable, is named before anything starts`() async throws {
        try await withPrivateProcessTarget { service in
            await #expect(
                throws: TargetError.nothingToStart(action: "start app_1", detail: "/no/such was not found in /no")
            ) {
                try await service.target(CommandWords("/no/such x")).start(
                    operation: "app_1", created: 1, before: deadline)
            }
            let file = service.folder.appending("site/index.html")
            await #expect(
                throws: TargetError.nothingToStart(
                    action: "start app_1",
                    detail: "\(file) is there and can't be run: it must be a regular file with the right to execute")
            ) {
                try await service.target(CommandWords("site/index.html")).start(
                    operation: "app_1", created: 1, before: deadline)
            }
            #expect(!FileManager.default.fileExists(atPath: service.logFolder.string))
        }
    }

    @Test func `A backend has its environment, its mask and its log, and none of the run's descriptors`() async throws {
        try await withPrivateProcessTarget { service in
            let lock = try FileDescriptor.open(
                service.folder.appending("lock"), .writeOnly, options: [.create], permissions: [.ownerReadWrite])
            defer { try? lock.close() }
            setenv("AUTOSCALE_DB_PASSWORD", "canary", 1)
            defer { unsetenv("AUTOSCALE_DB_PASSWORD") }
            let script = "pwd; umask; echo \"$A $PORT\"; tr '\\0' '\\n' </proc/$$/environ; exec sleep 30"
            let target = service.target(service.shell(script), environment: ["A": "b c", "PORT": "1"])
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            let pid = try #require(ProcessTable.Identity(backend.id)).pid
            let log = service.logFolder.appending("app_1.log").string
            let text = try String(contentsOfFile: log, encoding: .utf8)
            let port = service.hostPorts.lowerBound
            #expect(text.hasPrefix("\(service.folder)\n0022\nb c \(port)\n"))
            #expect(text.contains("\nPATH="))
            #expect(!text.contains("canary"))
            let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
            #expect(descriptors.sorted() == ["0", "1", "2", "9"], "the last is the reservation of its port")
            #expect(text.contains("\nAUTOSCALE_PID=\(pid)\n"))
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            #expect(status.contains("SigBlk:\t0000000000000000"))
            #expect(try FileManager.default.attributesOfItem(atPath: log)[.posixPermissions] as? Int == 0o600)
            let folder = try FileManager.default.attributesOfItem(atPath: service.logFolder.string)
            #expect(folder[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test func `A link in the place of the log is not followed`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target()
            try FileManager.default.createDirectory(
                atPath: service.logFolder.string, withIntermediateDirectories: false)
            let path = service.logFolder.appending("app_1.log")
            try FileManager.default.createSymbolicLink(atPath: path.string, withDestinationPath: "/etc/motd")
            await #expect(
                throws: TargetError.file(FileFailure(path: path, action: "open", errno: .tooManySymbolicLinkLevels))
            ) { try await target.start(operation: "app_1", created: 1, before: deadline) }
            #expect(try service.processes() == [])
        }
    }

    @Test func `Folders and logs belong to the owner of the folder they are made in`() async throws {
        try await withPrivateProcessTarget { service in
            try FileManager.default.setAttributes(
                [.ownerAccountID: 65534, .groupOwnerAccountID: 65534], ofItemAtPath: service.folder.string)
            _ = try await service.target().start(operation: "app_1", created: 1, before: deadline)
            for path in [service.logFolder, service.logFolder.appending("app_1.log")] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
                #expect(attributes[.ownerAccountID] as? Int == 65534)
            }
        }
    }

    @Test func `Another user's process with our variables is a backend only if we started it`() async throws {
        try await withPrivateProcessTarget { service in
            // A backend that gives up root's rights stays ours.
            let nobody = "exec setpriv --reuid 65534 --regid 65534 --clear-groups sleep 30"
            let target = service.target(service.shell(nobody))
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            #expect(try await target.discover(before: deadline) == Discovery(backends: [backend]))

            let forged = try await ChildProcess.run(
                service.shell("setsid --fork setpriv --reuid 65534 --clear-groups sleep 30 >/dev/null 2>&1"),
                environment: [
                    "AUTOSCALE_SERVICE": service.service, "AUTOSCALE_NAME": "app_2", "AUTOSCALE_CREATED": "1",
                    "PORT": "6666",
                ],
                workingDirectory: service.folder, timeout: .seconds(5))
            #expect(forged.termination.isSuccess)
            try await eventually("both run as nobody") {
                try service.processes().map(\.identity.pid).filter {
                    ProcessTable.user(of: $0) == 65534 && ProcessTable.commandLine(of: $0).first == "sleep"
                }.count == 2
            }
            let found = try await target.discover(before: deadline)
            #expect(found.backends == [backend])
            #expect(found.warnings.first?.english.hasSuffix("was not started by us: it is left alone") == true)
        }
    }

    @Test func `A process that can't be looked at is said, and never taken for none`() async throws {
        try await withPrivateProcessTarget { service in
            let target = try service.target(CommandWords("sleep 31.4159"))
            _ = try await target.start(operation: "app_1", created: 1, before: deadline)
            await #expect(processExitsWith: .success) { [name = service.service as String] in
                try #require(setgid(65534) == 0 && setuid(65534) == 0)
                let settings = ProcessTarget.Settings(
                    service: name, command: try CommandWords("sleep 31.4159"), hostPorts: 20000...20001,
                    namePrefix: "app", logFolder: "/tmp", stateFile: "/tmp/none/state.json", workingDirectory: "/tmp",
                    stopTimeout: .seconds(1))
                let found = try await ProcessTarget(settings).discover(before: Deadline(after: .seconds(5)))
                try #require(found.backends.isEmpty)
                try #require(
                    found.warnings.contains {
                        $0.english.contains("runs sleep and belongs to user 0: it can't be looked at")
                    })
            }
        }
    }

    @Test func `Ended backends can't be restarted, and none is listed`() async throws {
        try await withPrivateProcessTarget { service in
            let target = service.target()
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            try await target.stop(backend, before: deadline)
            #expect(target.restarts == nil)
            #expect(try await target.discover(before: deadline).backends == [])
        }
    }

    @Test func `A look at a thousand processes takes a moment`() async throws {
        try await withPrivateProcessTarget { service in
            let script = "i=0; while [ $i -lt 1000 ]; do sleep 60 & i=$((i+1)); done; wait"
            let target = service.target(service.shell(script))
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            let leader = try #require(ProcessTable.Identity(backend.id)).pid
            try await eventually("all run") { try ProcessTable.members(ofSession: leader).count > 1000 }
            let began = ContinuousClock.now
            #expect(try await target.discover(before: deadline).backends == [backend])
            let took = began.duration(to: .now)
            #expect(took < .seconds(1))
        }
    }
}
