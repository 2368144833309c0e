import Foundation
import Host
import SystemPackage
import TestSupport

/// What a strace(1) holds, and what it has written.
enum Tracer {
    static func lines(of file: FilePath) -> [String] {
        let text = FileManager.default.contents(atPath: file.string) ?? Data()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The exit status of the program itself; `nil` where a signal ended it, or where nobody wrote it down.
    static func status(in trace: [String]) -> Int32? {
        guard let main = main(of: trace) else { return nil }
        let ends = trace.compactMap { try? #/([0-9]+) +\+\+\+ exited with ([0-9]+) \+\+\+/#.wholeMatch(in: $0) }
        return ends.last { pid_t($0.1) == main }.flatMap { Int32($0.2) }
    }

    /// Of the program itself, whose first execve(2) is shown first.
    static func main(of trace: [String]) -> pid_t? { trace.first.flatMap(thread) }

    /// strace begins each line with the thread's number.
    static func thread(_ line: String) -> pid_t? { line.split(separator: " ").first.flatMap { pid_t($0) } }

    /// Whether the end of the program itself, which comes after that of its threads, is written down.
    static func hasEnded(in trace: [String]) -> Bool {
        guard let main = main(of: trace) else { return false }
        return trace.contains { thread($0) == main && $0.contains(" +++ ") }
    }

    /// Whether the run is over, and what it started is left; `false` before strace has started anything.
    static func holdsBackendsOnly(_ tracer: pid_t) throws -> Bool {
        let traced = try ProcessTable.running().filter {
            let status = FileManager.default.contents(atPath: "/proc/\($0.identity.pid)/status") ?? Data()
            return String(decoding: status, as: UTF8.self).contains("\nTracerPid:\t\(tracer)\n")
        }
        return !traced.isEmpty && traced.allSatisfy(isBackend)
    }

    private static func isBackend(_ process: ProcessTable.Status) -> Bool {
        process.isSessionLeader
            && ProcessTable.commandLine(of: process.identity.pid).first.map(String.init)
                == BuiltBinary("sample-backend").path.string
    }
}
