import Connections
import Fleet
import Foundation
import TestSupport
import Testing

/// Queue workers in containers.
@Suite(.privateDocker, .sharedDatabase, .timeLimit(.minutes(5)))
struct WorkersDockerTests {
    let docker: PrivateDocker

    init() throws { docker = try #require(PrivateDocker.current) }

    @Test func `containers are started, counted, scaled on what there is to do, and stopped, without NGINX`()
        async throws
    {
        try await withPrivateWorkers(on: docker) { workers in
            try workers.load(1000)
            for count in 1...3 {
                let up = try await workers.monitor()
                #expect(up.status == 0, "\(up)")
                #expect(up.stdout.contains("Active backends: \(count)\n"))
            }
            let containers = try workers.containers()
            #expect(containers.map(\.state) == ["running", "running", "running"])
            #expect(containers.allSatisfy { $0.ports.isEmpty && $0.labels["autoscale.port"] == nil })
            let exposed = try await docker.docker(
                "inspect", "--format", "{{len .Config.ExposedPorts}}", containers[0].name)
            #expect(exposed == "0")
            try workers.load(1)
            for count in [2, 1] {
                let down = try await workers.monitor()
                #expect(down.status == 0, "\(down)")
                #expect(down.stdout.contains("Active backends: \(count)\n"))
                #expect(try workers.containers().count == count)
            }
            let left = try #require(try workers.containers().first?.name)
            try await docker.docker("kill", left)
            try workers.load(50)
            let repair = try await workers.monitor()
            #expect(repair.status == 0, "\(repair)")
            try await eventually("it runs again, or another one does") {
                try workers.containers().map(\.state) == ["running"]
            }
            #expect(!workers.touchesNGINX)
        }
    }

    @Test func `an image that ends at once is a start that failed, and nothing stays`() async throws {
        try await withPrivateWorkers(["BACKEND_IMAGE": TestImage.exits.name], on: docker) { workers in
            let run = try await workers.monitor()
            #expect(run.status == 1, "\(run)")
            #expect(run.stdout.contains("it ended before it was ready"))
            #expect(try workers.containers().isEmpty)
        }
    }

    @Test func `an adopted worker counts, and is never stopped`() async throws {
        try await withPrivateWorkers(["MIN_BACKENDS": "1"], on: docker) { workers in
            let name = "\(workers.name)-theirs"
            try await docker.docker(
                "run", "--detach", "--name", name, "--label", "autoscale.service=\(workers.name)", TestImage.ready.name)
            try workers.load(1)
            for _ in 1...2 {
                let run = try await workers.monitor()
                #expect(run.status == 0, "\(run)")
            }
            let status = try await workers.run("status")
            #expect(status.stdout.contains("Active backends: 1\n"), "\(status.stdout)")
            #expect(try workers.containers().map(\.name) == [name])
            try await docker.docker("rm", "--force", name)
        }
    }
}
