import Foundation
package import Glibc
import Host
import SystemPackage

/// A network of a test's own: a namespace with one far end, joined to the host by a pair of virtual interfaces. What runs
/// there is reached from the host at `address`, until packets are dropped.
///
/// It lives as long as one process, which ends with ours, and takes both interfaces and all rules with it. Needs root.
package struct PrivateNetwork: Sendable {
    /// Of the far end; from the range that is kept for tests of networks (RFC 2544).
    package let address: String
    private let pid: pid_t

    /// Words before a command that is to run there.
    package var entering: [String] { ["nsenter", "--target", "\(pid)", "--net"] }

    fileprivate init(number: Int, pid: pid_t) {
        address = "198.18.\(number).2"
        self.pid = pid
    }

    /// - Parameter pid: of any process in the namespace, a container's say.
    package init(of pid: pid_t, address: String) {
        self.pid = pid
        self.address = address
    }

    /// From now on packets that come in are dropped without a word.
    package func drop() async throws { try await filter("--append", "INPUT", "--jump", "DROP") }

    /// From now on they come in again.
    package func pass() async throws { try await filter("--flush", "INPUT") }

    private func filter(_ arguments: String...) async throws {
        let words = entering.dropFirst() + ["iptables", "--wait"] + arguments
        let result = try await ChildProcess.run(
            CommandWords(program: "nsenter", arguments: Array(words)),
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], timeout: .seconds(20))
        guard result.termination.isSuccess else { throw PrivateServerFailure("iptables: \(result.summary)") }
    }
}

/// Runs the body beside such a network, and removes it afterwards, also when the body throws or the test process is killed.
package func withPrivateNetwork<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (PrivateNetwork) async throws -> Result
) async throws -> Result {
    let keeper = Process()
    let input = Pipe()
    let output = Pipe()
    // Close-on-exec: another child that inherits the end we hold would keep the network alive.
    _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    keeper.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    keeper.arguments = ["--net", "sh", "-c", namespace, "private-network", "\(getpid())"]
    keeper.standardInput = input
    keeper.standardOutput = output
    try keeper.run()
    defer {
        try? input.fileHandleForWriting.close()
        keeper.waitUntilExit()
    }
    let answer = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let number = Int(answer.trimmingCharacters(in: .whitespacesAndNewlines)) else {
        throw PrivateServerFailure("there is no private network: root and iproute2 are needed")
    }
    return try await body(PrivateNetwork(number: number, pid: keeper.processIdentifier))
}

/// The near interface's name claims the number of the network.
private let namespace = #"""
    PATH=$PATH:/usr/sbin:/sbin
    trap : INT HUP TERM
    ip link set lo up
    host="nsenter --target $1 --net"
    for try in $(seq 256); do
        number=$((($$ + try) % 256))
        if ip link add far type veth peer name "asnet$number" netns "$1" 2>/dev/null; then break; fi
        number=
    done
    [ -n "$number" ] && ip addr add "198.18.$number.2/30" dev far && ip link set far up &&
        $host ip addr add "198.18.$number.1/30" dev "asnet$number" && $host ip link set "asnet$number" up || exit 1
    echo "$number"
    cat >/dev/null
    """#
