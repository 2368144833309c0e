import Connections
import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Fleet
@testable import Host

/// What a run does when Docker itself is away; so each test that harms a daemon has one of its own.
@Suite(.sharedDatabase, .timeLimit(.minutes(5)))
struct MonitorDockerDaemonTests {
    @Test func `B5 B7: hung, killed and stopped it costs the run alone, and started again the fleet is as it was`()
        async throws
    {
        try await withPrivateDocker { docker in
            try await withPrivateService(on: .docker(docker)) { service in
                try await service.grow(to: 2)
                let names = try service.containers().map(\.name).sorted()
                let published = FolderSnapshot(of: service.nginx.upstreamFile)
                try service.load(150)
                func expectUnavailable(_ words: String) async throws {
                    let begin = ContinuousClock.now
                    let run = try await service.monitor()
                    #expect(begin.duration(to: .now) < .seconds(10))
                    #expect(run.status == 69)
                    #expect(run.stdout.contains(words), "\(run.stdout)")
                    #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)
                    #expect(try await service.run(["status"]).status == 69)
                }

                try docker.signal(SIGSTOP)
                try await expectUnavailable("no answer within 2.0 s")
                try docker.signal(SIGCONT)
                try service.load(50)
                let good = try await service.monitor()
                #expect(good.status == 0)
                #expect(good.stdout.hasSuffix("State: NORMAL\n"), "\(good.stdout)")
                #expect(try service.containers().map(\.name).sorted() == names)
                #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)
                try service.load(150)
                try docker.signal(SIGKILL)
                try await eventually("it is gone") {
                    (try? docker.engine.ping(before: Deadline(after: .seconds(2)))) == nil
                }
                try await expectUnavailable("\(docker.address) does not answer")
                try service.load(50)
                try await heal(service, names, docker)
                try docker.signal(SIGTERM)
                try await eventually("it has ended", within: .seconds(30)) {
                    !FileManager.default.fileExists(atPath: "\(docker.address)".replacing("unix://", with: ""))
                }
                try await expectUnavailable("\(docker.address) does not answer")
                try await heal(service, names, docker)
            }
        }
    }

    /// The containers are the same ones: they were started again, by the daemon or by us.
    private func heal(_ service: PrivateService, _ names: [String], _ docker: PrivateDocker) async throws {
        try await docker.startAgain()
        try await eventually("two are served again", within: .seconds(30)) {
            let run = try await service.monitor()
            #expect(run.status == 0, "\(run.stdout)")
            return try service.served()?.count == 2 && service.ask("/health", times: 2) == [200, 200]
        }
        #expect(try service.containers().map(\.name).sorted() == names)
    }

    @Test func `a socket that is not there, and one that is not for us`() async throws {
        try await withPrivateService(["TARGET": "docker", "DOCKER_HOST": "unix:///nowhere/docker.sock"]) { service in
            let found = FolderSnapshot(of: service.nginx.upstreamFile)
            let absent = try await service.monitor()
            #expect(absent.status == 69)
            #expect(
                absent.stdout.contains("Error: unix:///nowhere/docker.sock does not answer: no such socket"),
                "\(absent)")

            let socket = service.folder.appending("docker.sock")
            let listener = try TestSocket.listening(path: socket)
            chmod(socket.string, 0o660)
            try service.configure(["TARGET": "docker", "DOCKER_HOST": "unix://\(socket)"])
            try FileManager.default.removeItem(atPath: service.stateFile.removingLastComponent().string)
            chown(service.folder.string, 65534, 65534)
            chmod(service.folder.removingLastComponent().string, 0o711)
            let forbidden = try await service.run(["monitor"], as: "nobody")
            #expect(forbidden.status == 77, "\(forbidden)")
            #expect(
                forbidden.stdout.contains(
                    "Error: no permission to use unix://\(socket): permission denied. Is this user in the group docker?"
                ),
                "\(forbidden)")
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == found)
            withExtendedLifetime(listener) {}
        }
    }
}
