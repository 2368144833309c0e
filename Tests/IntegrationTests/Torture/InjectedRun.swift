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
    var killed: [pid_t] {
        trace.filter { $0.hasSuffix("+++ killed by SIGKILL +++") }.compactMap(Tracer.thread)
    }

    var mainWasKilled: Bool { Tracer.main(of: trace).map(killed.contains) ?? false }

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
    var status: Int32? { Tracer.status(in: trace) }

    /// For taskset(1): any one that this process may use.
    private static var processor: [String] {
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

    /// The call before which something was killed, or that failed, as strace shows it.
    var place: String { failed.last ?? trace.last { $0.hasSuffix("= ?") } ?? "" }

    /// Runs `autoscale monitor` with a fault at that point, and returns when nothing of it is left but backends.
    /// - Parameters:
    ///   - user: as whom it runs; root where none is given.
    ///   - onOneProcessor: a run on one has one thread for all that it does to files, because its pool is as wide as that:
    ///     every number is a call of its own, and the same one in every run.
    ///   - paths: only calls on these files and folders are counted and hurt; all calls where there are none.
    init(
        of service: PrivateService, as user: String? = nil, at point: InjectionPoint, onOneProcessor: Bool,
        onlyOn paths: [FilePath] = [], trace file: FilePath
    ) async throws {
        let watched = paths.isEmpty ? [] : (paths + [service.command.path]).flatMap { ["-P", $0.string] }
        let pinning = onOneProcessor ? try Self.processor + ["/usr/bin/strace"] : []
        try? FileManager.default.removeItem(atPath: file.string)
        let run = try RunningProcess(
            onOneProcessor ? "/usr/bin/taskset" : "/usr/bin/strace",
            arguments: pinning + watched + (user.map { ["-u", $0] } ?? []) + [
                "-f", "-I", "waiting", "-o", file.string, "-e", "trace=execve,\(point.call)", "-e", "signal=SIGKILL",
                "-e", "inject=\(point.call):\(point.fault.option):when=\(point.number)", service.command.path.string,
                "monitor",
                "--config", service.configuration.string,
            ], workingDirectory: "/")
        defer { run.end(with: SIGTERM) }  // it lets go of a backend that was started under it
        try await eventually("the hurt run is over", within: .seconds(60)) {
            try !run.isRunning || Tracer.holdsBackendsOnly(run.pid)
        }
        // The process is gone a moment before strace says how.
        try? await eventually("its end is written down", within: .seconds(2)) {
            Tracer.hasEnded(in: Tracer.lines(of: file))
        }
        trace = Tracer.lines(of: file)
        said = run.stdout
    }
}
