import Decisions
import Fleet
import Foundation
import Host
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite("The sample backend")
struct SampleBackendTests {
    private let binary = BuiltBinary("sample-backend")

    // MARK: What it answers

    @Test("says who it is")
    func identity() async throws {
        try await withBackend(environment: ["AUTOSCALE_NAME": "app_backend_1"]) { backend in
            let answer = try await backend.get("/")
            #expect(answer.status == 200)
            #expect(
                answer.body == #"{"name":"app_backend_1","pid":\#(backend.process.pid),"port":\#(backend.port)}"#)
        }
    }

    @Test("is healthy, until the file for it exists")
    func health() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("sick")
            try await withBackend(arguments: ["--unhealthy-when", file.string]) { backend in
                let healthy = HTTPAnswer(status: 200, body: #"{"name":"sample-backend","status":"healthy"}"#)
                #expect(try await backend.get("/health") == healthy)
                try Data().write(to: URL(filePath: file.string))
                #expect(
                    try await backend.get("/health")
                        == HTTPAnswer(status: 503, body: #"{"name":"sample-backend","status":"unhealthy"}"#))
                try FileManager.default.removeItem(atPath: file.string)
                #expect(try await backend.get("/health") == healthy)
            }
        }
    }

    @Test("works for as much processor time as it is asked for, and stays responsive meanwhile")
    func work() async throws {
        try await withBackend { backend in
            let before = try processorTicks(of: backend.process.pid)
            async let works = (0..<8).concurrently { _ in try await backend.get("/work?ms=100") }
            #expect(try await backend.get("/health").status == 200)
            #expect(try await works.allSatisfy { $0.status == 200 })
            #expect(try processorTicks(of: backend.process.pid) - before >= 70)  // of 10 ms
        }
    }

    @Test("answers slowly without work")
    func slow() async throws {
        try await withBackend { backend in
            let begin = ContinuousClock.now
            let answers = try await (0..<200).concurrently { _ in try await backend.get("/slow?ms=500") }
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(begin.duration(to: .now) >= .milliseconds(500))
        }
    }

    @Test(
        "says what is wrong with a request",
        arguments: [
            ("/work", 400, "ms is missing: give a whole number from 0 to 60000."),
            ("/slow?ms=", 400, "ms is '': give a whole number from 0 to 60000."),
            ("/slow?ms=1.5", 400, "ms is '1.5': give a whole number from 0 to 60000."),
            ("/slow?ms=-1", 400, "ms is '-1': give a whole number from 0 to 60000."),
            ("/query?ms=60001", 400, "ms is '60001': give a whole number from 0 to 60000."),
            ("/query?ms=1&ms=2", 400, "ms is given 2 times: give a whole number from 0 to 60000."),
            ("/nowhere", 404, "There is no /nowhere."),
        ])
    func badRequest(path: String, status: Int, sentence: String) async throws {
        try await withBackend { backend in
            let expected = HTTPAnswer(status: status, body: #"{"error":"\#(sentence)"}"#)
            let answer = try await backend.get(path)
            #expect(answer == expected)
        }
    }

    @Test("takes several requests on one connection")
    func keepAlive() async throws {
        try await withBackend { backend in
            let requests = [String](repeating: "GET /health HTTP/1.1\r\nHost: test\r\n\r\n", count: 9).joined()
            let last = "GET /health HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
            let text = try await backend.exchange(requests + last)
            #expect(text.matches(of: #/HTTP/1\.1 200 OK/#).count == 10)
        }
    }

    @Test("holds as many database connections as it is asked to, all at once")
    func queries() async throws {
        try await withPrivatePostgres(settings: ["max_connections": "220"]) { server in
            try await withBackend(environment: server.environment()) { backend in
                async let answers = (0..<200).concurrently { _ in try await backend.get("/query?ms=8000") }
                let load = DatabaseLoad(parameters: server.parameters())
                try await eventually("200 sessions are active") {
                    await load.measure(after: nil, before: Deadline(after: .seconds(5))).readings == [
                        .connections: .value(200)
                    ]
                }
                #expect(try await backend.get("/health").status == 200)
                #expect(try await answers.allSatisfy { $0.status == 200 })
            }
        }
    }

    @Test("says why the database refuses")
    func refusedQuery() async throws {
        try await withPrivatePostgres { server in
            try server.run("CREATE ROLE limited LOGIN CONNECTION LIMIT 0")
            try await withBackend(environment: server.environment(user: "limited")) { backend in
                let refusal = #"{"error":"too many connections for role \"limited\""}"#
                let answer = try await backend.get("/query?ms=1")
                #expect(answer == HTTPAnswer(status: 503, body: refusal))
            }
        }
    }

    // MARK: How it ends

    @Test("finishes what it was asked, accepts nothing more, and exits with 0", arguments: [SIGTERM, SIGINT])
    func graceful(signal: Int32) async throws {
        try await withBackend { backend in
            async let slow = backend.get("/slow?ms=5000")
            async let work = backend.get("/work?ms=300")
            try await eventually("both are connected") {
                try SocketTable(ofProcess: backend.process.pid).established(onPort: backend.port) == 2
            }
            backend.process.send(signal)
            try await eventually("it refuses new connections") {
                do {
                    _ = try await backend.get("/health")
                    return false
                } catch let error as Errno {
                    return error == .connectionRefused
                }
            }
            #expect(backend.process.isRunning)
            #expect(try await slow.status == 200)
            #expect(try await work.status == 200)
            #expect(try await backend.process.output().end == .exited(0))
        }
    }

    @Test("does not wait for connections that are only kept alive")
    func idleConnection() async throws {
        try await withBackend { backend in
            let idle = try Connection(port: backend.port)
            try idle.send("GET /health HTTP/1.1\r\nHost: test\r\n\r\n")
            var answer = ""
            while !answer.hasSuffix("}") { answer += try idle.receive() }
            let begin = ContinuousClock.now
            backend.process.send(SIGTERM)
            #expect(try await backend.process.output().end == .exited(0))
            #expect(begin.duration(to: .now) < .seconds(20))  // and not 30
            #expect(try idle.receive() == "")  // closed
        }
    }

    @Test("loses no request of a connection that was made before it was told to end")
    func nothingLost() async throws {
        try await withBackend { backend in
            let told = Mutex<ContinuousClock.Instant?>(nil)
            let answered = Mutex(0)
            async let lost: [Int] = (0..<16).concurrently { _ in
                try await DetachedThread.value {
                    var lost = 0
                    while true {
                        guard let connection = try? Connection(port: backend.port) else { return lost }
                        let connected = ContinuousClock.now
                        let answer = try? connection.exchange(.get("/slow?ms=5"))
                        if answer?.hasSuffix("}") == true {
                            answered.withLock { $0 += 1 }
                        } else if told.withLock({ $0.map { connected < $0 } ?? true }) {
                            lost += 1
                        }
                    }
                }
            }
            try await eventually("it is under load") { answered.withLock { $0 > 500 } }
            told.withLock { $0 = .now }
            backend.process.send(SIGTERM)
            #expect(try await backend.process.output().end == .exited(0))
            #expect(try await lost.reduce(0, +) == 0)
        }
    }

    // MARK: How it starts

    @Test("takes the port from $PORT and says where it answers")
    func portOfEnvironment() async throws {
        let port = try freePort()
        try await binary.withRunning(environment: ["PORT": "\(port)"]) { process in
            try await eventually("it says where it answers") {
                process.stdout == "sample-backend \(process.pid) answers at http://127.0.0.1:\(port)\n"
            }
        }
    }

    @Test("starts as late as it is told to, and ends at once if it is told to meanwhile")
    func startupDelay() async throws {
        let port = try freePort()
        let begin = ContinuousClock.now
        try await binary.withRunning(arguments: ["--port", "\(port)", "--startup-delay", "0.5"]) { process in
            try await eventually("it answers") { (try? Connection(port: port)) != nil }
            #expect(begin.duration(to: .now) >= .milliseconds(500))
        }
        try await binary.withRunning(arguments: ["--port", "\(port)", "--startup-delay", "600"]) { process in
            try await eventually("it minds signals") { catchesTermination(process.pid) }
            process.send(SIGTERM)
            #expect(try await process.output(within: .seconds(5)).end == .exited(0))
        }
    }

    @Test(
        "refuses wrong use with 64",
        arguments: [
            (["--port", "0"], "--port is 0; it may be 1 to 65535."),
            (["--port", "70000"], "The value '70000' is invalid for '--port <port>'"),
            (["--host", "localhost"], "--host is 'localhost'; it may be an IPv4 or IPv6 address."),
            (["--startup-delay", "-1"], ""),
        ])
    func wrongUse(arguments: [String], words: String) async throws {
        let output = try await binary.run(arguments: arguments)
        #expect(output.status == 64)
        #expect(output.stdout.isEmpty)
        #expect(words.isEmpty || output.stderr.contains(words))
    }

    @Test("says so where the port is taken")
    func portTaken() async throws {
        let taken = try LoopbackSocket(listening: 1)
        let output = try await binary.run(arguments: ["--port", "\(taken.port)"])
        #expect(output.status == 1)
        #expect(output.stderr.contains("127.0.0.1:\(taken.port)"))
        #expect(output.stderr.contains("Address already in use"))
    }

    // MARK: -

    private func withBackend<Result>(
        arguments: [String] = [], environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation,
        _ body: (RunningBackend) async throws -> Result
    ) async throws -> Result {
        let port = try freePort()
        return try await binary.withRunning(
            arguments: ["--port", "\(port)"] + arguments, environment: environment
        ) { process in
            try await eventually("it answers") {
                if let end = process.ending { throw EndedEarly(end: end, words: process.stderr) }
                return process.stdout.contains("answers at")
            }
            return try await body(RunningBackend(process: process, port: port))
        }
    }

    /// Of the whole process, user and system; proc(5).
    private func processorTicks(of pid: pid_t) throws -> Int {
        let text = try KernelFile.read(FilePath("/proc/\(pid)/stat"))
        let fields = text[text.index(after: text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
    }

    private func catchesTermination(_ pid: pid_t) -> Bool {
        let text = (try? KernelFile.read(FilePath("/proc/\(pid)/status"))) ?? ""
        let mask = text.firstMatch(of: #/SigCgt:\s*([0-9a-f]+)/#).flatMap { UInt64($0.1, radix: 16) } ?? 0
        return mask & 1 << UInt64(SIGTERM - 1) != 0
    }
}

private struct EndedEarly: Error {
    let end: ProcessEnd
    let words: String
}

private struct HTTPAnswer: Equatable {
    let status: Int
    let body: String
}

private struct RunningBackend {
    let process: RunningProcess
    let port: UInt16

    func get(_ path: String) async throws -> HTTPAnswer {
        let text = try await exchange(.get(path))
        let status = text.firstMatch(of: #/^HTTP/1\.1 (\d{3}) /#).flatMap { Int($0.1) } ?? 0
        return HTTPAnswer(
            status: status, body: text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? "")
    }

    func exchange(_ request: String) async throws -> String {
        let port = port
        return try await DetachedThread.value {
            Result { try Connection(port: port).exchange(request) }
        }.get()
    }
}

extension String {
    fileprivate static func get(_ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    }
}

/// A TCP connection to a port of 127.0.0.1; the caller waits.
private final class Connection {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let status = withUnsafeBytes(of: &address) { bytes in
            connect(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard status == 0 else { throw Errno(rawValue: errno) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        guard Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) == text.utf8.count else {
            throw Errno(rawValue: errno)
        }
    }

    /// What comes next; empty at the end.
    func receive() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Errno(rawValue: errno) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Sends a text and returns all that comes until the other end closes.
    func exchange(_ text: String) throws -> String {
        try send(text)
        var answer = ""
        while true {
            let part = try receive()
            if part.isEmpty { return answer }
            answer += part
        }
    }
}

extension Range<Int> {
    /// The body's results for all numbers, all at once, in no order.
    fileprivate func concurrently<Value: Sendable>(
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup { group in
            for number in self { group.addTask { try await body(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
