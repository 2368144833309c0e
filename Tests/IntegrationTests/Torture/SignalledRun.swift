import Foundation
import Host
import SystemPackage
import TestSupport

/// What became of one run of the built binary that got a signal when it, or one of its children, came to a point.
///
/// strace(1) injects SIGSTOP there, the run gets the signal as kill(1) would send it, and all goes on. Injected by itself
/// the signal would wait for ever: it would be for one thread, and Swift's own block it.
struct SignalledRun {
    /// Whether anybody came to the point.
    let wasSignalled: Bool
    /// `nil` where the run had not come so far that it could take signals, and was ended by this one.
    let status: Int32?
    let said: String
    /// The call at which it came, as strace shows it.
    let place: String

    init(of service: PrivateService, signal: Int32, at call: String, _ number: Int, trace file: FilePath) async throws {
        try? FileManager.default.removeItem(atPath: file.string)
        (wasSignalled, said) = try await Self.run(
            service, signal, InjectionPoint(fault: .stop, call: call, number: number), file)
        // A backend may have come to the point when nobody looked any more.
        for backend in try service.backends() { try ProcessTable.send(SIGCONT, to: backend.identity) }
        let lines = Tracer.lines(of: file)
        status = Tracer.status(in: lines)
        let stop = lines.firstIndex { $0.contains("--- SIGSTOP {") }
        place = stop.flatMap { $0 > 0 ? lines[$0 - 1] : nil } ?? ""
    }

    /// - Returns: whether the signal was sent, and what the run said. Nothing of it is left then but backends.
    private static func run(
        _ service: PrivateService, _ signal: Int32, _ point: InjectionPoint, _ file: FilePath
    ) async throws -> (Bool, String) {
        let run = try RunningProcess(
            "/usr/bin/strace",
            arguments: [
                "-f", "-I", "waiting", "-o", file.string, "-e", "trace=execve,\(point.call)", "-e",
                "signal=SIGSTOP,SIGTERM,SIGINT",
                "-e", "inject=\(point.call):\(point.fault.option):when=\(point.number)", service.command.path.string,
                "monitor",
                "--config", service.configuration.string,
            ], workingDirectory: "/")
        defer { run.end(with: SIGTERM) }  // it lets go of a backend that was started under it
        var goneOn = 0
        var isSent = false
        do {
            try await eventually("the signalled run is over", within: .seconds(60)) {
                let lines = Tracer.lines(of: file)
                guard let main = Tracer.main(of: lines) else { return false }
                let stopped = lines.filter { $0.hasSuffix("--- stopped by SIGSTOP ---") }.compactMap(Tracer.thread)
                if stopped.count > goneOn {
                    if !isSent { isSent = kill(main, signal) == 0 }
                    for thread in stopped[goneOn...] { kill(thread, SIGCONT) }
                    goneOn = stopped.count
                    return false
                }
                return try Tracer.hasEnded(in: lines) && (!run.isRunning || Tracer.holdsBackendsOnly(run.pid))
            }
        } catch let error as DidNotHappen {
            throw PrivateServerFailure(
                "\(point): \(error)\n\(Tracer.lines(of: file).suffix(30).joined(separator: "\n"))")
        }
        return (isSent, run.stdout)
    }
}
