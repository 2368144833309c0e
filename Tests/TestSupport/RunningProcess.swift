package import Foundation
import Synchronization
package import SystemPackage

/// How a process ended.
package enum ProcessEnd: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
}

/// What a process printed, and how it ended.
package struct ProcessOutput: Equatable, Sendable {
    package let stdout: String
    package let stderr: String
    package let end: ProcessEnd

    /// The exit status; `nil` when a signal ended it.
    package var status: Int32? {
        if case .exited(let status) = end { status } else { nil }
    }
}

package struct ProcessTimedOut: Error, CustomStringConvertible {
    let program: FilePath
    let timeout: Duration
    let stdout: String
    let stderr: String
    package var description: String { "\(program) still ran after \(timeout)\nstdout: \(stdout)\nstderr: \(stderr)" }
}

/// A child in a process group of its own, with its output in files. Whoever started it calls `end()`.
package final class RunningProcess: Sendable {
    package let pid: pid_t
    private let program: FilePath
    private let folder: FilePath
    private let ended = Mutex<ProcessEnd?>(nil)

    /// What cron gives: too little for programs that rely on a login.
    package static let cronEnvironment = ["PATH": "/usr/bin:/bin", "HOME": "/tmp", "SHELL": "/bin/sh"]

    /// Wraps posix_spawn(3).
    /// - Parameter environment: the whole of it; nothing of ours is inherited.
    package init(
        _ program: FilePath, arguments: [String] = [], environment: [String: String] = cronEnvironment,
        workingDirectory: FilePath? = nil
    ) throws {
        self.program = program
        var template = Array("/tmp/autoscale-output-XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else { throw Errno(rawValue: errno) }
        folder = FilePath(String(cString: path))

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.appending("stdout").string, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.appending("stderr").string, O_WRONLY | O_CREAT, 0o600)
        for descriptor in Int32(3)..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        // env(1) replaces itself, so the child is the program's own process.
        let prefix = workingDirectory.map { ["/usr/bin/env", "--chdir=\($0.string)", "--"] } ?? []
        let words = prefix + [program.string] + arguments
        let argv = words.map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, words[0], &actions, &attributes, argv, envp)
        self.pid = pid
        guard status == 0 else {
            try? FileManager.default.removeItem(atPath: folder.string)
            throw Errno(rawValue: status)
        }
    }

    package var stdout: String { text("stdout") }
    package var stderr: String { text("stderr") }

    private func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: folder.appending(name).string) ?? Data(), as: UTF8.self)
    }

    /// `nil` while it runs. Wraps waitpid(2).
    package var ending: ProcessEnd? {
        ended.withLock { ended in
            guard ended == nil else { return ended }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            let signal = status & 0x7F
            ended = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
            return ended
        }
    }

    package var isRunning: Bool { ending == nil }

    /// Wraps kill(2); an ended process gets nothing.
    package func send(_ signal: Int32) {
        if isRunning { kill(pid, signal) }
    }

    /// What it printed and how it ended; throws where it still runs after the time-out.
    package func output(
        within timeout: Duration = .seconds(30), isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessOutput {
        let limit = ContinuousClock.now.advanced(by: timeout)
        while true {
            if let end = ending { return ProcessOutput(stdout: stdout, stderr: stderr, end: end) }
            guard ContinuousClock.now < limit else {
                throw ProcessTimedOut(program: program, timeout: timeout, stdout: stdout, stderr: stderr)
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Ends what still runs of its group, waits for it and removes its output.
    /// - Parameters:
    ///   - signal: what to send first.
    ///   - patience: how long it may take; SIGKILL follows.
    package func end(with signal: Int32 = SIGKILL, patience: Duration = .seconds(10)) {
        send(SIGCONT)  // a stopped one would not see the other signal
        send(signal)
        let limit = ContinuousClock.now.advanced(by: patience)
        while isRunning, ContinuousClock.now < limit { usleep(2000) }
        kill(-pid, SIGKILL)
        while isRunning { usleep(2000) }
        try? FileManager.default.removeItem(atPath: folder.string)
    }
}
