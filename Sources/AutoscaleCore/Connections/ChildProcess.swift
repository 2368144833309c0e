import Subprocess
package import SystemPackage

/// Runs another program, without a shell: the one gateway to swift-subprocess, and the one place with tasks.
///
/// A child gets /dev/null as its standard input, default signal dispositions, an empty signal mask, none of our other
/// descriptors (a lock must not outlive the run in somebody's hands) and a session of its own: nothing can ask a question
/// on the terminal, and whatever it started can be ended with it.
package enum ChildProcess {
    /// From SIGTERM to SIGKILL.
    private static let grace = Duration.milliseconds(500)

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
        do {
            let ended = try await Subprocess.run(configuration, input: .none, output: .sequence, error: .sequence) {
                execution in try await collect(from: execution, timeout: timeout)
            }
            guard !ended.closureResult.timedOut else { throw ChildProcessFailure.timedOut(seconds: timeout.inSeconds) }
            return ChildProcessResult(
                termination: .init(ended.terminationStatus), output: ended.closureResult.output.text,
                errorOutput: ended.closureResult.errorOutput.text)
        } catch {
            throw ChildProcessFailure(error, words.program)
        }
    }

    /// Runs a program that detaches another one (setsid(1)) and ends: both outputs go to a file that is open already.
    ///
    /// It leads no session itself, so that it can't be taken for what it starts.
    /// - Parameter environment: added to our own; `nil` takes a variable out.
    package static func launch(
        _ words: CommandWords, environment: [String: String?], workingDirectory: FilePath,
        writingTo file: FileDescriptor, timeout: Duration
    ) async throws(ChildProcessFailure) -> ChildProcessResult.Termination {
        guard timeout > .zero else { throw .timedOut(seconds: 0) }
        var configuration = try configuration(words, environment, workingDirectory)
        configuration.platformOptions.processGroupID = 0
        do {
            let ended = try await Subprocess.run(
                configuration, input: .none, output: .fileDescriptor(file, closeAfterSpawningProcess: false),
                error: .fileDescriptor(file, closeAfterSpawningProcess: false)
            ) { execution in await waitForEnd(of: execution, timeout: timeout) }
            guard !ended.closureResult else { throw ChildProcessFailure.timedOut(seconds: timeout.inSeconds) }
            return .init(ended.terminationStatus)
        } catch {
            throw ChildProcessFailure(error, words.program)
        }
    }

    private static func configuration(
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
    private static func waitForEnd<Input, Output, ErrorOutput>(
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
private struct Tail: Sendable {
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

/// How a child ended, and the last 64 KiB of what it said on either stream: lines, with all other control characters
/// escaped.
package struct ChildProcessResult: Equatable, Sendable {
    package enum Termination: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)

        fileprivate init(_ status: TerminationStatus) {
            switch status {
            case .exited(let code): self = .exited(code)
            case .signaled(let signal): self = .signalled(signal)
            }
        }

        package var isSuccess: Bool { self == .exited(0) }
    }

    package let termination: Termination
    package let output: String
    package let errorOutput: String

    /// How it ended and what it said, in one line.
    package var summary: String {
        let end =
            switch termination {
            case .exited(let code): "exit status \(code)"
            case .signalled(let number): "signal \(number)"
            }
        let words = lastWords()
        return words.isEmpty ? end : "\(end), \(words)"
    }

    /// The last lines of what it said, for a message: one line, at most `limit` characters; empty if it said nothing.
    package func lastWords(limit: Int = 500) -> String {
        let said = errorOutput.isEmpty ? output : errorOutput
        let line = said.split(separator: "\n").joined(separator: " | ")
        return line.count > limit ? "…" + line.suffix(limit) : line
    }
}

extension ChildProcessResult.Termination: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signalled(let signal): "ended by signal \(signal)"
        }
    }
}

/// Why there is no result.
package enum ChildProcessFailure: Error, Equatable {
    case notFound(program: String, lookedIn: [String])
    /// It is there and can't be run.
    case notPermitted(program: String)
    /// It was ended by us; 0 seconds: the run's time was over before it could start.
    case timedOut(seconds: Double)
    /// The system could not start or watch it; the words are the system's own.
    case failed(detail: String)

    fileprivate init(_ error: any Error, _ program: String) {
        switch error {
        case let failure as ChildProcessFailure: self = failure
        case let failure as SubprocessError where failure.code == .executableNotFound:
            // Found before by ProgramPath: what is missing is the interpreter that its first line names.
            self = .failed(detail: "\(program): the program or the interpreter that its first line names can't be run")
        default: self = .failed(detail: "\(program): \(error)".escapingControls())
        }
    }
}

extension ChildProcessFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let program, let folders):
            ProgramPathError.notFound(program: program, lookedIn: folders).description
        case .notPermitted(let program): ProgramPathError.notExecutable(path: program).description
        case .timedOut(let seconds): "not done after \(seconds) s, and ended"
        case .failed(let detail): detail
        }
    }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}
