import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Host

@Suite struct ChildProcessTests {
    private func run(_ script: String, environment: [String: String] = [:], timeout: Duration = .seconds(20))
        async throws -> ChildProcessResult
    {
        try await ChildProcess.run(
            CommandWords(program: "sh", arguments: ["-c", script]), environment: environment, timeout: timeout)
    }

    @Test func `Exit status and both outputs are there`() async throws {
        let result = try await run("echo out; echo err >&2; exit 3")
        #expect(result.termination == .exited(3))
        #expect(result.output == "out\n")
        #expect(result.errorOutput == "err\n")
        #expect(result.lastWords() == "err")
    }

    @Test func `A child that a signal ended is told from one that exited`() async throws {
        #expect(try await run("kill -9 $$").termination == .signalled(9))
        #expect(try await run("true").termination.isSuccess)
    }

    @Test func `A program that is not there, not executable or has no interpreter is named`() async throws {
        await #expect(throws: ChildProcessFailure.notFound(program: "/no/such", lookedIn: ["/no"])) {
            try await ChildProcess.run(CommandWords("/no/such"), timeout: .seconds(5))
        }
        try await withTemporaryFolder { folder in
            let script = folder.appending("script").string
            try Data("#!/no/interpreter\n".utf8).write(to: URL(filePath: script))
            await #expect(throws: ChildProcessFailure.notPermitted(program: script)) {
                try await ChildProcess.run(CommandWords(program: script, arguments: []), timeout: .seconds(5))
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
            await #expect(
                throws: ChildProcessFailure.failed(
                    detail: "\(script): the program or the interpreter that its first line names can't be run")
            ) { try await ChildProcess.run(CommandWords(program: script, arguments: []), timeout: .seconds(5)) }
        }
    }

    @Test func `The environment is ours with the additions, the working directory the given one`() async throws {
        try await withTemporaryFolder { folder in
            let result = try await ChildProcess.run(
                CommandWords("sh -c 'echo $A $HOME; pwd'"), environment: ["A": "1 2", "HOME": "/elsewhere"],
                workingDirectory: folder, timeout: .seconds(20))
            #expect(result.output == "1 2 /elsewhere\n\(folder)\n")
        }
    }

    @Test func `The child has the default signals, no input and none of our descriptors`() async throws {
        try await withTemporaryFolder { folder in
            let lock = try FileDescriptor.open(
                folder.appending("lock"), .writeOnly, options: [.create], permissions: [.ownerReadWrite])
            defer { try? lock.close() }
            let inherited = signal(SIGUSR2, SIG_IGN)
            defer { signal(SIGUSR2, inherited) }
            let status = "exec sed -n 's/^Sig\\(Blk\\|Ign\\):.//p' /proc/self/status"
            let lines = try await run("cat; ls /proc/self/fd; \(status)").output.split(separator: "\n")
            #expect(lines.prefix(4) == ["0", "1", "2", "3"])  // 3 is the folder that ls itself reads
            // 32 and 33 are the C library's own: it never resets them.
            #expect(lines.dropFirst(4).map { UInt64($0, radix: 16).map { $0 & 0x7FFF_FFFF } } == [0, 0])
        }
    }

    @Test func `Control characters are escaped, lines stay lines`() async throws {
        let result = try await run(#"printf 'a\033[31m\r\tb\302\205\nc\377\000'"#)
        #expect(result.output == #"a\u{1b}[31m\r\tb\u{85}"# + "\nc\u{FFFD}" + #"\u{0}"#)
    }

    @Test func `Only the end of a long output is kept, and a full pipe of the other stream blocks nothing`()
        async throws
    {
        let result = try await run("yes error | head -c 3000000 >&2; yes out | head -c 3000000; echo the end")
        #expect(result.termination == .exited(0))
        #expect(result.output.utf8.count < 66_000)
        #expect(result.output.hasPrefix("…"))
        #expect(result.output.hasSuffix("out\nthe end\n"))
        #expect(result.errorOutput.utf8.count < 66_000)
    }

    @Test func `A child that takes too long is ended, also when it ignores SIGTERM`() async throws {
        for script in ["sleep 60", "trap '' TERM; while :; do sleep 60; done", "exec >/dev/null 2>&1; sleep 60"] {
            let began = ContinuousClock.now
            await #expect(throws: ChildProcessFailure.timedOut(seconds: 0.3)) {
                try await run(script, timeout: .milliseconds(300))
            }
            #expect(began.duration(to: .now) < .seconds(10))
        }
    }

    @Test func `A time-out ends the grandchildren of the same group, too`() async throws {
        try await withTemporaryFolder { folder in
            await #expect(throws: ChildProcessFailure.timedOut(seconds: 2)) {
                try await run(
                    "(trap '' TERM; echo started >\(folder)/flag; while :; do sleep 0.05; echo x >>\(folder)/flag; done) & wait",
                    timeout: .seconds(2))
            }
            let flag = folder.appending("flag").string
            var last = -1
            try await eventually("the grandchild has stopped writing") {
                let size = try FileManager.default.attributesOfItem(atPath: flag)[.size] as? Int ?? 0
                defer { last = size }
                try await Task.sleep(for: .milliseconds(200))
                return size > 0 && size == last
            }
        }
    }

    @Test func `A grandchild that holds or floods the pipe is not waited for`() async throws {
        try await withTemporaryFolder { folder in
            for program in ["sleep 60", "yes"] {
                let began = ContinuousClock.now
                let result = try await run("echo begun; \(program) & echo $! >\(folder)/pid")
                let pid = try #require(
                    pid_t(try String(contentsOfFile: "\(folder)/pid", encoding: .utf8).dropLast()))
                #expect(kill(pid, SIGKILL) == 0 || errno == ESRCH)
                #expect(began.duration(to: .now) < .seconds(10))
                #expect(result.termination == .exited(0))
                #expect(result.output.hasPrefix("begun") || result.output.hasPrefix("…"))
            }
        }
    }

    /// What sudo does: the run's user may not signal it any more.
    @Test func `A child that became another user and hangs is given up`() async throws {
        try await withTemporaryFolder { folder in
            chmod(folder.string, 0o755)
            let copy = folder.appending("setpriv").string
            try FileManager.default.copyItem(atPath: ProgramPath.find("setpriv").string, toPath: copy)
            chmod(copy, 0o4755)
            defer { killProcesses(workingIn: folder) }
            await #expect(processExitsWith: .success) { [copy = copy as String, folder = folder.string as String] in
                try #require(setgid(65534) == 0 && setuid(65534) == 0)
                let sleeper = CommandWords(program: copy, arguments: ["--reuid", "0", "sleep", "60"])
                let began = ContinuousClock.now
                await #expect(
                    throws: ChildProcessFailure.failed(detail: "\(copy): not done after 2.0 s, and could not be ended")
                ) {
                    try await ChildProcess.run(
                        sleeper, workingDirectory: FilePath(folder), timeout: .seconds(2))
                }
                #expect(began.duration(to: .now) < .seconds(15))
            }
        }
    }

    @Test func `No time left means nothing is started`() async throws {
        try await withTemporaryFolder { folder in
            await #expect(throws: ChildProcessFailure.timedOut(seconds: 0)) {
                try await run("touch \(folder)/started", timeout: .zero)
            }
            #expect(!FileManager.default.fileExists(atPath: folder.appending("started").string))
        }
    }

    @Test func `Thirty at once all come back`() async throws {
        try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<30 { group.addTask { try await run("echo \(number)").output } }
            var seen: Set<String> = []
            for try await output in group { seen.insert(output) }
            #expect(seen.count == 30)
        }
    }
}
