import Glibc
import Subprocess
package import SystemPackage

extension ChildProcess {
    /// Runs a program that reads from and writes to files or pipes of ours, of any size; only what it says on its standard
    /// error is collected.
    ///
    /// Both descriptors are taken over: they are closed here as soon as the child has its own, so that the other end of a
    /// pipe sees the end when the child does. That goes for a child that could not be started, too.
    /// - Parameters:
    ///   - input: `nil` is /dev/null.
    ///   - output: `nil` is /dev/null.
    ///   - watch: asked ten times a second whether to go on; where it says no, the child is ended.
    package static func stream(
        _ words: CommandWords, environment: [String: String?] = [:], input: FileDescriptor? = nil,
        output: FileDescriptor? = nil, timeout: Duration, watch: @escaping @Sendable () -> Bool = { true }
    ) async throws(ChildProcessFailure) -> ChildProcessResult {
        let ends = try OpenEnds(input, output)
        defer { ends.close() }
        guard timeout > .zero else { throw .timedOut(seconds: 0) }
        var configuration = try configuration(words, environment, nil)
        configuration.platformOptions.createSession = true
        return try await waiting(atMost: timeout, for: words.program) { [configuration] began in
            let ended = try await Subprocess.run(
                configuration, input: .fileDescriptor(ends.input, closeAfterSpawningProcess: false),
                output: .fileDescriptor(ends.output, closeAfterSpawningProcess: false), error: .sequence
            ) { execution in
                began(execution.processIdentifier.value)
                ends.close()
                return try await follow(execution, timeout: timeout, watch: watch)
            }
            guard !ended.closureResult.timedOut else { throw ChildProcessFailure.timedOut(seconds: timeout.asSeconds) }
            return ChildProcessResult(
                termination: .init(ended.terminationStatus), output: "", errorOutput: ended.closureResult.words.text)
        }
    }

    private static func follow<Input, Output>(
        _ execution: Execution<Input, Output, SequenceOutput>, timeout: Duration, watch: @escaping @Sendable () -> Bool
    ) async throws -> (timedOut: Bool, words: Tail) {
        let pid = execution.processIdentifier.value
        let watcher = Task {
            while !Task.isCancelled {
                if !watch() {
                    kill(-pid, SIGTERM)
                    try await Task.sleep(for: grace)
                    kill(-pid, SIGKILL)
                    return
                }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        defer { watcher.cancel() }
        let reader = Task { try await Tail(reading: execution.standardError) }
        let timedOut = await waitForEnd(of: execution, timeout: timeout)
        reader.cancel()
        return (timedOut, try await reader.value)
    }

    /// What a child reads from and writes to, closed once.
    private final class OpenEnds: @unchecked Sendable {
        // Sendable, because `isOpen` is changed by one task at a time: the one that starts the child, then the caller.
        let input: FileDescriptor
        let output: FileDescriptor
        private var isOpen = true

        init(_ input: FileDescriptor?, _ output: FileDescriptor?) throws(ChildProcessFailure) {
            do {
                self.input = try input ?? FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
                self.output = try output ?? FileDescriptor.open("/dev/null", .writeOnly, options: .closeOnExec)
            } catch {
                throw .failed(detail: "/dev/null: \(error)")
            }
        }

        func close() {
            guard isOpen else { return }
            isOpen = false
            try? input.close()
            try? output.close()
        }
    }
}
