import Decisions
import Fleet
import Glibc
import Host
import TestSupport
import Testing

/// What happens to the daemon itself; so each test has one of its own.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct DockerDaemonTests {
    @Test func `stopped it is timed out, killed it is unreachable, and started again it is as it was`() async throws {
        try await withPrivateDocker { docker in
            let settings = DockerTarget.Settings(
                service: "app", image: TestImage.ready.name, hostPorts: try freePorts(5))
            let target = DockerTarget(settings, engine: docker.engine)
            let deadline = Deadline(after: .seconds(60))
            let backend = try await target.start(operation: "app_1", created: 1, before: deadline)
            try await target.stop(backend, before: deadline)

            try docker.signal(SIGSTOP)
            try await eventually("the stopped daemon is timed out") {
                do throws(TargetError) {
                    _ = try await target.discover(before: deadline.within(.seconds(1)))
                } catch {
                    if case .timedOut = error { return true }
                }
                return false
            }
            try docker.signal(SIGCONT)
            try await eventually("the daemon answers again") {
                (try? await target.discover(before: deadline).backends.count) == 1
            }

            try docker.signal(SIGKILL)
            try await eventually("the killed daemon is unreachable") {
                do throws(TargetError) {
                    _ = try await target.discover(before: deadline)
                } catch {
                    return error == .unreachable(address: "\(docker.address)", detail: "connection refused")
                }
                return false
            }
            try await docker.startAgain()
            let again = try await target.discover(before: deadline).backends
            #expect(again.map(\.name) == ["app_1"])
            #expect(again.map(\.activity) == [.exited])
        }
    }
}
