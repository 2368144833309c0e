import Glibc
import Subprocess
package import SystemPackage

/// Runs another program, without a shell: the one gateway to swift-subprocess, and the one place with tasks.
///
/// A child gets /dev/null as its standard input, default signal dispositions, an empty signal mask, none of our other
/// descriptors (a lock must not outlive the run in somebody's hands) and a session of its own: nothing can ask a question
/// on the terminal, and whatever it started can be ended with it.
package enum ChildProcess {
    /// From SIGTERM to SIGKILL.
    static let grace = Duration.milliseconds(500)
    /// From SIGKILL to giving up.
    private static let patience = Duration.seconds(4)

    /// Runs it to its end and collects what it says.
    ///
    /// Past the time-out the child and its whole process group get SIGTERM, and SIGKILL 500 ms later. Its end is the end
    /// of its output: a grandchild that keeps the pipe open (what `docker exec` or a script leaves behind) is not waited
    /// for.
    /// - Parameters:
    ///   - environment: added to our own, and taking its place where a name is the same.
    ///   - workingDirectory: where it starts, and what a relative program path starts from; `nil`: ours.
    package static func run(
        _ words: CommandWords, environment: [String: String] = [:], workingDirectory: FilePath? = nil, timeout: Duration
    ) async throws(ChildProcessFailure) -> ChildProcessResult {
        guard timeout > .zero else { throw .timedOut(seconds: 0) }
        var configuration = try configuration(words, environment, workingDirectory)
        configuration.platformOptions.createSession = true
        return try await waiting(atMost: timeout, for: words.program) { [configuration] began in
            let ended = try await Subprocess.run(configuration, input: .none, output: .sequence, error: .sequence) {
                execution in
                began(execution.processIdentifier.value)
                return try await collect(from: execution, timeout: timeout)
            }
            guard !ended.closureResult.timedOut else { throw ChildProcessFailure.timedOut(seconds: timeout.asSeconds) }
            return ChildProcessResult(
                termination: .init(ended.terminationStatus), output: ended.closureResult.output.text,
                errorOutput: ended.closureResult.errorOutput.text)
        }
    }

    /// Runs a program that detaches another one (setsid(1)) and ends: both outputs go to a file that is open already.
    ///
    /// It leads no session itself, so that it can't be taken for what it starts.
    /// - Parameters:
    ///   - environment: added to our own; `nil` takes a variable out.
    ///   - input: its standard input.
    package static func launch(
        _ words: CommandWords, environment: [String: String?], workingDirectory: FilePath,
        reading input: FileDescriptor, writingTo file: FileDescriptor, timeout: Duration
    ) async throws(ChildProcessFailure) -> ChildProcessResult.Termination {
        guard timeout > .zero else { throw .timedOut(seconds: 0) }
        var configuration = try configuration(words, environment, workingDirectory)
        configuration.platformOptions.processGroupID = 0
        return try await waiting(atMost: timeout, for: words.program) { [configuration] began in
            let ended = try await Subprocess.run(
                configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: false),
                output: .fileDescriptor(file, closeAfterSpawningProcess: false),
                error: .fileDescriptor(file, closeAfterSpawningProcess: false)
            ) { execution in
                began(execution.processIdentifier.value)
                return await waitForEnd(of: execution, timeout: timeout)
            }
            guard !ended.closureResult else { throw ChildProcessFailure.timedOut(seconds: timeout.asSeconds) }
            return .init(ended.terminationStatus)
        }
    }

    /// What happens to a child, as the one who waits for it hears it.
    private enum Event<Value: Sendable>: Sendable {
        case began(pid_t)
        case ended(Result<Value, ChildProcessFailure>)
        case overdue
    }

    /// Gives up on a child that can't be ended, because it runs as another user by then (sudo) or the kernel holds it (a
    /// hung disk): Subprocess itself would wait for ever, and the run's lock with it. The tasks end with the program.
    static func waiting<Value: Sendable>(
        atMost timeout: Duration, for program: String,
        _ work: @escaping @Sendable (_ began: @Sendable (pid_t) -> Void) async throws -> Value
    ) async throws(ChildProcessFailure) -> Value {
        let (events, source) = AsyncStream.makeStream(of: Event<Value>.self)
        let child = Task {
            do {
                source.yield(.ended(.success(try await work { source.yield(.began($0)) })))
            } catch {
                source.yield(.ended(.failure(ChildProcessFailure(error, program))))
            }
        }
        let watchdog = Task {
            try await Task.sleep(for: timeout + grace + patience)
            source.yield(.overdue)
        }
        defer {
            child.cancel()
            watchdog.cancel()
        }
        var pid: pid_t?
        for await event in events {
            switch event {
            case .began(let started): pid = started
            case .ended(let result): return try result.get()
            case .overdue:
                if let pid, ProcessTable.status(of: pid)?.hasEnded ?? true { continue }  // its result is on the way
                throw .failed(detail: "\(program): not done after \(timeout.asSeconds) s, and could not be ended")
            }
        }
        throw .failed(detail: "\(program): cancelled")
    }

    static func configuration(
        _ words: CommandWords, _ environment: [String: String?], _ workingDirectory: FilePath?
    ) throws(ChildProcessFailure) -> Subprocess.Configuration {
        let path: FilePath
        do throws(ProgramPathError) {
            path = try ProgramPath.find(words.program, from: workingDirectory, searchPath: environment["PATH"] ?? nil)
        } catch {
            switch error {
            case .notFound(let program, let folders): throw .notFound(program: program, lookedIn: folders)
            case .notExecutable(let path): throw .notPermitted(program: path)
            }
        }
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)]
        return Subprocess.Configuration(
            executable: .path(path),
            arguments: Arguments(executablePathOverride: words.program, remainingValues: words.arguments),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })),
            workingDirectory: workingDirectory, platformOptions: options)
    }

    /// Returns when the child has ended, by itself or by us; `true` when its time was over.
    ///
    /// Signal 0 does nothing: that step is the time the child has. An ended child is reaped after this only, so its
    /// process group can't be another's yet when the rest of the group is killed.
    static func waitForEnd<Input, Output, ErrorOutput>(
        of execution: Execution<Input, Output, ErrorOutput>, timeout: Duration
    ) async -> Bool {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        await execution.teardown(using: [
            .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: timeout),
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace),
        ])
        guard ContinuousClock.now >= deadline else { return false }
        try? execution.send(signal: .kill, toProcessGroup: true)
        return true
    }

    private struct Collected: Sendable {
        var timedOut = false
        var output = Tail()
        var errorOutput = Tail()
    }

    private enum Stream { case output, errorOutput }

    private static func collect<Input>(
        from execution: Execution<Input, SequenceOutput, SequenceOutput>, timeout: Duration
    ) async throws -> Collected {
        try await withThrowingTaskGroup(of: (Stream, Tail).self) { readers in
            readers.addTask { (.output, try await Tail(reading: execution.standardOutput)) }
            readers.addTask { (.errorOutput, try await Tail(reading: execution.standardError)) }
            var collected = Collected(timedOut: await waitForEnd(of: execution, timeout: timeout))
            readers.cancelAll()
            for try await (stream, tail) in readers {
                switch stream {
                case .output: collected.output = tail
                case .errorOutput: collected.errorOutput = tail
                }
            }
            return collected
        }
    }
}

/// The last 64 KiB of a stream, in bounded memory however much is said.
struct Tail: Sendable {
    private static let limit = 65536
    private var bytes: [UInt8] = []
    private var isCut = false

    init() {}

    /// Reads to the end, or until the task is cancelled, which says that the writer has ended: what it wrote is in the
    /// pipe by then, and one read empties a pipe. Somebody else who goes on writing can't keep us here.
    init(reading stream: SubprocessOutputSequence) async throws {
        var buffers = stream.makeAsyncIterator()
        while true {
            let isLast = Task.isCancelled
            guard let buffer = try await buffers.next() else { return }
            buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
            if bytes.count > 2 * Self.limit { cut() }
            if isLast { return }
        }
    }

    private mutating func cut() {
        bytes.removeFirst(bytes.count - Self.limit)
        isCut = true
    }

    /// Lines stay lines; whatever else acts on a terminal is escaped, and bytes that are not UTF-8 are replaced.
    var text: String {
        let text = String(decoding: bytes.suffix(Self.limit), as: UTF8.self).escapingControls(keepingNewlines: true)
        return isCut || bytes.count > Self.limit ? "…" + text : text
    }
}

extension Duration {
    var asSeconds: Double { self / .seconds(1) }
}
