import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// The order in which files of ours reach the disk, as the kernel saw it: strace(1) of a real run.
@Suite(.sharedDatabase)
struct DurabilityTests {
    @Test(
        "What is replaced is on disk before its name, and the name before the run goes on",
        arguments: ["state", "upstream"])
    func order(_ kind: String) async throws {
        try await withPrivateService { service in
            let file = kind == "state" ? service.stateFile : service.nginx.upstreamFile
            let folder = file.removingLastComponent().string
            let calls = try await fileCalls(of: service)
            let renamed = try #require(calls.firstIndex { $0.contains("rename(") && $0.contains("\"\(file)\"") })
            let temporary = "\(folder)/.\(file.lastComponent?.string ?? "").new"
            #expect(calls[..<renamed].contains { $0.contains("fsync(") && $0.contains("<\(temporary)>") })
            #expect(calls[renamed...].contains { $0.contains("fsync(") && $0.contains("<\(folder)>") })
        }
    }

    @Test func `W1: the intent is on disk before the backend is started`() async throws {
        try await withPrivateService { service in
            let calls = try await fileCalls(of: service)
            let intent = try #require(
                calls.firstIndex { $0.contains("rename(") && $0.contains("\"\(service.stateFile)\"") })
            let start = try #require(calls.firstIndex { $0.contains("execve(") && $0.contains("setsid") })
            #expect(intent < start)
        }
    }

    @Test func `a backend is remembered as ready before NGINX sends it requests`() async throws {
        try await withPrivateService { service in
            _ = try await service.monitor()
            try service.load(150)
            let reload = service.folder.appending("reload")
            try "#!/bin/sh\nPATH=$PATH:/usr/sbin\n\(service.nginx.reloadCommand)\nkill -KILL $PPID\n".write(
                toFile: reload.string, atomically: true, encoding: .utf8)
            chmod(reload.string, 0o700)
            try service.configure(["NGINX_RELOAD_COMMAND": reload.string])
            let run = try await service.monitor()
            #expect(run.end == .signalled(SIGKILL), "\(run)")
            guard case .state(let state) = try StateFile(service.stateFile).load(for: service.name) else {
                Issue.record("there is no state")
                return
            }
            #expect(state.history.backends.count == 2)
            #expect(state.history.backends.values.allSatisfy { $0.wasReady && $0.startingSince == nil })
        }
    }

    /// The calls of a first run, in order. The tracer stays with the backend that the run starts (-D), and ends with it.
    private func fileCalls(of service: PrivateService) async throws -> [Substring] {
        let trace = service.folder.appending("trace")
        let result = try await ChildProcess.run(
            CommandWords(
                program: "strace",
                arguments: [
                    "-D", "-f", "-y", "-s", "512", "-e", "trace=fsync,rename,execve", "-o", trace.string,
                    service.command.path.string, "monitor", "--config", service.configuration.string,
                ]), timeout: .seconds(50))
        #expect(result.termination.isSuccess, "\(result.summary)")
        return try String(contentsOfFile: trace.string, encoding: .utf8).split(separator: "\n")
    }
}
