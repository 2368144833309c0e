import AutoscaleCore
import Foundation
import SystemPackage
import TestSupport

/// What became of one run of the built binary that strace(1) was told to hurt at a point, children included.
struct InjectedRun {
    /// strace's lines, each with the thread's number in front.
    let trace: [String]
    /// What the run had said by then.
    let said: String

    /// The processes and threads that were killed.
    var killed: [Substring] {
        trace.filter { $0.hasSuffix("+++ killed by SIGKILL +++") }.compactMap { $0.split(separator: " ").first }
    }

    /// strace shows the run's own execve(2) first.
    var mainWasKilled: Bool { trace.first?.split(separator: " ").first.map(killed.contains) ?? false }

    /// The calls that failed because they were told to; one that was shown in two parts (`<... NAME resumed>`) is put
    /// together again.
    var failed: [String] {
        trace.indices.filter { trace[$0].hasSuffix("(INJECTED)") }.map { index in
            guard trace[index].contains(" resumed>") else { return trace[index] }
            let thread = trace[index].prefix { $0 != " " }
            let begun = trace[..<index].last { $0.hasPrefix("\(thread) ") && $0.hasSuffix("<unfinished ...>") }
            return (begun ?? "") + trace[index]
        }
    }

    var wasHit: Bool { !killed.isEmpty || !failed.isEmpty }

    /// The exit status of the run itself; `nil` where it was killed, or where strace was too late to write it down.
    var status: Int32? { Self.status(in: trace) }

    private static func status(in trace: [String]) -> Int32? {
        guard let main = trace.first?.split(separator: " ").first else { return nil }
        let ends = trace.compactMap { try? #/([0-9]+) +\+\+\+ exited with ([0-9]+) \+\+\+/#.wholeMatch(in: $0) }
        return ends.last { $0.1 == main }.flatMap { Int32($0.2) }
    }

    /// For taskset(1): any one that this process may use.
    private static var onOneProcessor: [String] {
        get throws {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let list = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") } ?? ""
            let ranges = list.split(whereSeparator: \.isWhitespace).last?.split(separator: ",") ?? []
            let processors = ranges.flatMap { range -> [Int] in
                let bounds = range.split(separator: "-").compactMap { Int($0) }
                return bounds.count == 2 ? Array(bounds[0]...bounds[1]) : bounds
            }
            return ["-c", "\(processors.randomElement() ?? 0)"]
        }
    }

    private static func lines(of file: FilePath) -> [String] {
        let text = FileManager.default.contents(atPath: file.string) ?? Data()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The call before which something was killed, or that failed, as strace shows it.
    var place: String { failed.last ?? trace.last { $0.hasSuffix("= ?") } ?? "" }

    /// Runs `autoscale monitor` with a fault at that point, and returns when nothing of it is left but backends.
    /// - Parameter paths: only calls on these files and folders are counted and hurt, and all of them in one thread, so
    ///   that every number is a call of its own; all calls of all threads where there are none.
    init(
        of service: PrivateService, at point: InjectionPoint, onlyOn paths: [FilePath] = [], trace file: FilePath
    ) async throws {
        let watched = (paths + [service.command.path]).flatMap { ["-P", $0.string] }
        // A run on one processor has one thread for all that it does to files: its pool is as wide as that.
        let tracer = paths.isEmpty ? [] : try Self.onOneProcessor + ["/usr/bin/strace"] + watched
        try? FileManager.default.removeItem(atPath: file.string)
        let run = try RunningProcess(
            paths.isEmpty ? "/usr/bin/strace" : "/usr/bin/taskset",
            arguments: tracer + [
                "-f", "-I", "waiting", "-o", file.string, "-e", "trace=execve,\(point.call)", "-e", "signal=SIGKILL",
                "-e", "inject=\(point.call):\(point.fault.option):when=\(point.number)", service.command.path.string,
                "monitor",
                "--config", service.configuration.string,
            ], workingDirectory: "/")
        defer { run.end(with: SIGTERM) }  // it lets go of a backend that was started under it
        try await eventually("the hurt run is over", within: .seconds(60)) {
            try !run.isRunning
                || Self.traced(by: run.pid).map { $0.allSatisfy { Self.isBackend($0, of: service) } } ?? false
        }
        // The process is gone a moment before strace says how.
        try? await eventually("its end is written down", within: .seconds(2)) {
            let lines = Self.lines(of: file)
            return Self.status(in: lines) != nil || lines.contains { $0.hasSuffix("+++ killed by SIGKILL +++") }
        }
        trace = Self.lines(of: file)
        said = run.stdout
    }

    /// `nil` before strace has started anything.
    private static func traced(by tracer: pid_t) throws -> [ProcessTable.Status]? {
        let found = try ProcessTable.running().filter {
            let status = FileManager.default.contents(atPath: "/proc/\($0.identity.pid)/status") ?? Data()
            return String(decoding: status, as: UTF8.self).contains("\nTracerPid:\t\(tracer)\n")
        }
        return found.isEmpty ? nil : found
    }

    private static func isBackend(_ process: ProcessTable.Status, of service: PrivateService) -> Bool {
        process.isSessionLeader
            && ProcessTable.commandLine(of: process.identity.pid).first.map(String.init)
                == BuiltBinary("sample-backend").path.string
    }
}
