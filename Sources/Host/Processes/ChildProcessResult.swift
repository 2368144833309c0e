import Subprocess

/// How a child ended, and the last 64 KiB of what it said on either stream: lines, with all other control characters
/// escaped.
package struct ChildProcessResult: Equatable, Sendable {
    package enum Termination: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)

        init(_ status: TerminationStatus) {
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
        let words = lastWords()
        return words.isEmpty ? "\(termination)" : "\(termination), \(words)"
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
        case .signalled(let signal): "signal \(signal)"
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

    init(_ error: any Error, _ program: String) {
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
