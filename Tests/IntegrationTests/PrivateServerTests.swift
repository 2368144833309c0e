import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// The servers that other tests stand on.
@Suite struct PrivateServerTests {
    @Test func `A private NGINX serves, is tested, reloaded, killed and started again`() async throws {
        try await withPrivateProcessTarget { service in
            let deadline = Deadline(after: .seconds(50))
            let backend = try await service.target().start(operation: "app_1", created: 1, before: deadline)
            let port = try #require(backend.address?.port)
            try await withTemporaryFolder { folder in
                try await withPrivateNginx(folder: folder) { nginx in
                    #expect(nginx.isRunning)
                    try nginx.writeUpstream(servers: [port])
                    for command in [nginx.testCommand, nginx.reloadCommand] {
                        let result = try await ChildProcess.run(CommandWords(command), timeout: .seconds(10))
                        #expect(result.termination.isSuccess, "\(result.lastWords())")
                    }
                    let get = try CommandWords("busybox wget -q -O - \(nginx.site)")
                    try await eventually("the new backend is served") {
                        try await ChildProcess.run(get, timeout: .seconds(5)).output == "hello"
                    }
                    try nginx.writeUpstream(servers: [])
                    let refused = try await ChildProcess.run(CommandWords(nginx.testCommand), timeout: .seconds(10))
                    #expect(refused.termination == .exited(1))
                    #expect(refused.lastWords().contains("no servers are inside upstream"))
                    try nginx.writeUpstream(servers: [port])
                    try await nginx.stop()
                    #expect(!nginx.isRunning)
                    try await nginx.start()
                    try await nginx.kill()
                    #expect(!nginx.isRunning)
                    try await nginx.start()
                }
                #expect(try processesWorking(in: folder).isEmpty)
            }
        }
    }
}
