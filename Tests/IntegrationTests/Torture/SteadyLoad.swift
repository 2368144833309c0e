import Connections
import Foundation
import Synchronization
import TestSupport

/// What became of the requests of a steady load.
struct LoadCounts: Sendable {
    /// Each on a connection of its own; every fourth is a POST, which NGINX never sends twice.
    var new = 0
    var slow = 0
    /// On connections that are kept; every fourth is a POST here, too.
    var kept = 0
    /// Kept connections that were closed after an answer that said so.
    var closedAfterAnswer = 0
    /// Closes of a kept connection between two requests, without a word; every client has to expect them, and has to know
    /// whether it may ask again.
    var closedBetween = (get: 0, post: 0)
    /// What was not answered as it should be, in words.
    var lost: [String] = []

    var total: Int { new + slow + kept }
}

/// Constant load through NGINX from threads of its own, from the start of the body to its end.
final class SteadyLoad: Sendable {
    private let service: PrivateService
    private let slowMilliseconds: Int
    private let stop = Once()
    private let counts = Mutex(LoadCounts())
    private let running = Mutex(0)

    private init(_ service: PrivateService, slowMilliseconds: Int) {
        self.service = service
        self.slowMilliseconds = slowMilliseconds
    }

    /// - Returns: what was counted, after the last answer.
    static func during(
        _ service: PrivateService, slowMilliseconds: Int, _ body: (SteadyLoad) async throws -> Void
    ) async throws -> LoadCounts {
        let load = SteadyLoad(service, slowMilliseconds: slowMilliseconds)
        for _ in 1...3 { load.repeating { $0.askOnNewConnection($1) } }
        for _ in 1...2 { load.keepConnection() }
        load.repeating { load, _ in load.askSlowly() }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(load))
        } catch {
            result = .failure(error)
        }
        load.stop.happened()
        try await eventually("the last answers have come", within: .seconds(30)) { load.running.withLock { $0 == 0 } }
        try result.get()
        return load.counts.withLock(\.self)
    }

    /// Answered so far on connections of their own.
    var newConnections: Int { counts.withLock(\.new) }

    private func repeating(_ work: @escaping @Sendable (SteadyLoad, Int) -> Void) {
        running.withLock { $0 += 1 }
        Thread.detachNewThread { [self] in
            var number = 0
            while !stop.hasHappened {
                number += 1
                work(self, number)
            }
            running.withLock { $0 -= 1 }
        }
    }

    private func askOnNewConnection(_ number: Int) {
        let isPost = number % 4 == 0
        let request = HTTPRequest(
            isPost ? .post : .get, service.nginx.site, body: isPost ? Array("a=1".utf8) : [], timeout: .seconds(10))
        let answer = Result { () throws(HTTPFailure) in try CurlClient().send(request) }
        counts.withLock {
            $0.new += 1
            // The sample backend refuses a POST, which is an answer, too.
            if (try? answer.get().status) != (isPost ? 405 : 200) { $0.lost.append("new: \(answer)") }
        }
        usleep(1000)
    }

    private func askSlowly() {
        let url = "\(service.nginx.site)slow?ms=\(slowMilliseconds)"
        let requests = Array(repeating: HTTPRequest(.get, url, timeout: .seconds(20)), count: 5)
        let answers = CurlClient().sendAll(requests)
        counts.withLock {
            $0.slow += answers.count
            $0.lost += answers.filter { (try? $0.get().status) != 200 }.map { "slow: \($0)" }
        }
    }

    private func keepConnection() {
        running.withLock { $0 += 1 }
        Thread.detachNewThread { [self] in
            var socket: TestSocket?
            var number = 0
            while !stop.hasHappened {
                number += 1
                let isPost = number % 4 == 0
                guard let connection = socket ?? (try? .connected(port: service.nginx.port)) else {
                    counts.withLock { $0.lost.append("kept: NGINX accepts no connection") }
                    break
                }
                let answer = connection.ask(
                    isPost
                        ? "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 3\r\n\r\na=1"
                        : "GET / HTTP/1.1\r\nHost: site\r\n\r\n")
                socket = nil
                counts.withLock {
                    switch answer {
                    case .whole(isPost ? 405 : 200, let isLast):
                        $0.kept += 1
                        if isLast { $0.closedAfterAnswer += 1 } else { socket = connection }
                    case .closedBetween where isPost: $0.closedBetween.post += 1
                    case .closedBetween: $0.closedBetween.get += 1
                    case .whole, .cut: $0.lost.append("kept: \(answer)")
                    }
                }
                usleep(1000)
            }
            running.withLock { $0 -= 1 }
        }
    }
}
