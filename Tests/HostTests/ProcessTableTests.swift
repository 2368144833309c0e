import Foundation
import Testing

@testable import Host

@Suite struct ProcessTableTests {
    /// A line of /proc/<pid>/stat with the given name and state.
    private func line(_ name: String, _ state: String = "S", session: Int = 40) -> String {
        "42 (\(name)) \(state) 1 41 \(session) 0 -1 4194560 5 6 0 7 9 5 3 6 20 0 13 0 987654 43626496 3332 18446744073709551615 1\n"
    }

    @Test(
        "A name with spaces, parentheses and numbers hides no field",
        arguments: ["sleep", "a b", "a) S 1 2 3 (b", "((", "))", "", "42 (x) Z 1 1 1"])
    func names(name: String) throws {
        let status = try #require(ProcessTable.Status(line: Array(line(name).utf8)))
        #expect(status.identity == .init(pid: 42, startTime: 987654))
        #expect(status.session == 40)
        #expect(status.state == "S")
        #expect(!status.isSessionLeader)
        #expect(!status.hasEnded)
    }

    @Test func `Zombies have ended, stopped processes have not`() throws {
        #expect(try #require(ProcessTable.Status(line: Array(line("x", "Z").utf8))).hasEnded)
        #expect(try #require(ProcessTable.Status(line: Array(line("x", "X").utf8))).hasEnded)
        #expect(try !#require(ProcessTable.Status(line: Array(line("x", "T").utf8))).hasEnded)
    }

    @Test func `The session's own process leads it`() throws {
        #expect(try #require(ProcessTable.Status(line: Array(line("x", session: 42).utf8))).isSessionLeader)
    }

    @Test(
        "A line that is cut or something else is nothing",
        arguments: ["", "42", "42 (x", "42 (x) S 1", "x (x) S", ")("])
    func rubbish(text: String) {
        #expect(ProcessTable.Status(line: Array(text.utf8)) == nil)
        for length in 0..<line("x").utf8.count - 60 {
            #expect(ProcessTable.Status(line: Array(line("x").utf8.prefix(length))) == nil)
        }
    }

    @Test func `An identity is read as it is printed`() {
        let identity = ProcessTable.Identity(pid: 42, startTime: 987654)
        #expect(ProcessTable.Identity(identity.description) == identity)
        for text in ["", "42", "42/", "/1", "0/1", "-1/1", "42/1/1", "42/x", "99999999999/1"] {
            #expect(ProcessTable.Identity(text) == nil)
        }
    }

    @Test func `This process finds itself, its environment and its command`() throws {
        let own = try #require(ProcessTable.status(of: getpid()))
        #expect(try ProcessTable.running().contains { $0.identity == own.identity && $0.session == getsid(0) })
        #expect(ProcessTable.isRunning(own.identity))
        #expect(!ProcessTable.isRunning(.init(pid: getpid(), startTime: own.identity.startTime - 1)))
        #expect(ProcessTable.user(of: getpid()) == geteuid())
        #expect(ProcessTable.commandLine(of: getpid()).map(String.init) == CommandLine.arguments)
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        #expect(try ProcessTable.environment(of: getpid(), containing: "PATH=\(path)")?["PATH"] == path[...])
        #expect(try ProcessTable.environment(of: getpid(), containing: "PATH=\(path)x") == nil)
    }
}
