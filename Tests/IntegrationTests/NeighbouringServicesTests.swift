import Connections
import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Services of one host, each with its own NGINX: what one of them has is never taken for the other's.
@Suite(.sharedDatabase, .serialized)
struct NeighbouringServicesTests {
    /// Tries again when its address is in use, as application servers do; its pages name its service.
    private func configure(_ service: PrivateService, ports: ClosedRange<UInt16>) throws {
        let script = service.folder.appending("serve.sh").string
        try """
        #!/bin/sh
        mkdir -p site
        echo "$AUTOSCALE_SERVICE" >site/index.html
        echo ok >site/health
        sleep 0.1
        while :; do busybox httpd -f -p "127.0.0.1:$PORT" -h site; sleep 0.05; done

        """.write(toFile: script, atomically: true, encoding: .utf8)
        chmod(script, 0o755)
        try service.configure([
            "BACKEND_COMMAND": script, "MIN_BACKENDS": "2", "HEALTH_TIMEOUT": "2",
            "BACKEND_HOST_PORTS": "\(ports.lowerBound)-\(ports.upperBound)",
        ])
    }

    /// What a site answers, `count` times, each on a connection of its own.
    private func pages(of service: PrivateService, _ count: Int) -> [String] {
        (0..<count).map { _ in
            let request = HTTPRequest(.get, "http://127.0.0.1:\(service.nginx.port)/", timeout: .seconds(5))
            let answer = try? CurlClient().send(request)
            return answer.map { $0.status == 200 ? $0.text.filter { !$0.isNewline } : "HTTP \($0.status)" } ?? "none"
        }
    }

    @Test("Runs of the same second never give two services one port", arguments: [false, true])
    func sameSecond(isAnotherUser: Bool) async throws {
        try await withPrivateService { one in
            try await withPrivateService { other in
                let ports = try freePorts(20)
                for service in [one, other] { try configure(service, ports: ports) }
                if isAnotherUser { try await other.giveToNobody() }
                for round in 1...4 {
                    async let first = one.monitor()
                    async let second =
                        isAnotherUser ? other.run(["monitor"], as: "nobody") : other.monitor()
                    let runs = try await [first, second]
                    #expect(runs.map(\.status) == [0, 0], "\(runs)")
                    for service in [one, other] {
                        #expect(try service.served()?.count == 2, "round \(round): \(runs)")
                        #expect(pages(of: service, 50) == Array(repeating: service.name, count: 50), "round \(round)")
                        killProcesses(workingIn: service.folder)
                        try FileManager.default.removeItem(
                            atPath: service.stateFile.removingLastComponent().string)
                    }
                }
            }
        }
    }

    /// A port of ours that is free for a moment (a reboot, a backend that died) may be another program's when we look again.
    @Test func `a port that somebody else has by now leaves NGINX before anything else is done`() async throws {
        try await withPrivateService { service in
            #expect(try await service.monitor().status == 0)
            let lost = try #require(service.served()?.first)
            killProcesses(workingIn: service.folder)
            let somebody = try TestSocket.listening(port: lost.port)
            try service.configure(["CONNECTIONS_QUERY": "SELECT 50 FROM pg_sleep(1.8)"])
            try await service.withRunningMonitor { run in
                try await eventually("it is out") { try service.served()?.contains(lost) == false }
                #expect(run.isRunning)
                #expect(try service.backends() == [], "nothing was started before")
                let output = try await run.output(within: .seconds(60))
                #expect(output.status == 0, "\(output)")
                #expect(
                    output.stdout.contains(
                        "addresses that other programs have by now; they have left the upstream: \(lost)"),
                    "\(output)")
            }
            #expect(try service.served()?.count == 1)
            #expect(service.ask("/health", times: 5) == Array(repeating: 200, count: 5))
            withExtendedLifetime(somebody) {}
        }
    }
}
