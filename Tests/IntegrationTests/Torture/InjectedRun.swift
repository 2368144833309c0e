import AutoscaleCore
import Foundation
import SystemPackage
import TestSupport

/// A place where a run is killed: on entering the `number`th call of `call` that one of its threads, or of its
/// children's, makes.
///
/// strace(1) counts per thread and per system call, so the same place may be another thread's in the next run.
struct KillPoint: CustomStringConvertible {
    let call: String
    let number: Int

    var description: String { "\(call) \(number)" }
}

/// What became of one run of the built binary that strace(1) was told to kill at a point, children included.
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

    /// The call before which something was killed, as strace shows it.
    var place: String { trace.last { $0.hasSuffix("= ?") } ?? "" }

    /// Runs `autoscale monitor` with a kill at that point, and returns when nothing of it is left but backends.
    init(of service: PrivateService, killedAt point: KillPoint, trace file: FilePath) async throws {
        try? FileManager.default.removeItem(atPath: file.string)
        let run = try RunningProcess(
            "/usr/bin/strace",
            arguments: [
                "-f", "-I", "waiting", "-o", file.string, "-e", "trace=execve,\(point.call)", "-e", "signal=SIGKILL",
                "-e", "inject=\(point.call):signal=KILL:when=\(point.number)", service.command.path.string, "monitor",
                "--config", service.configuration.string,
            ], workingDirectory: "/")
        defer { run.end(with: SIGTERM) }  // it lets go of a backend that was started under it
        try await eventually("the killed run is over", within: .seconds(60)) {
            try !run.isRunning
                || Self.traced(by: run.pid).map { $0.allSatisfy { Self.isBackend($0, of: service) } } ?? false
        }
        let text = FileManager.default.contents(atPath: file.string) ?? Data()
        trace = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
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
