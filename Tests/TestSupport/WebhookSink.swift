import Foundation
import Glibc
import Synchronization
import SystemPackage

/// Takes every request on 127.0.0.1, keeps it, and answers with the status that is set.
package final class WebhookSink: Sendable {
    package struct Delivery: Sendable {
        package let path: String
        package let head: String
        package let body: String

        /// The body as JSON.
        package var object: [String: Any] {
            get throws { try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:] }
        }
    }

    private let listener: TestSocket
    private let state: Mutex<(status: Int, deliveries: [Delivery])>

    package init(status: Int = 200) throws {
        listener = try .listening()
        state = Mutex((status, []))
        Thread.detachNewThread { [listener, weak self] in
            while let connection = try? listener.accepted() {
                guard let self else { return }
                self.serve(connection)
            }
        }
    }

    deinit { listener.shutDown() }

    package var url: String { get throws { "http://127.0.0.1:\(try listener.port)" } }
    package var deliveries: [Delivery] { state.withLock { $0.deliveries } }

    /// What it answers from now on.
    package func answer(_ status: Int) { state.withLock { $0.status = status } }

    /// Hands out what came since the last time.
    package func take() -> [Delivery] {
        state.withLock { state in
            defer { state.deliveries = [] }
            return state.deliveries
        }
    }

    private func serve(_ connection: TestSocket) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var expected = Int.max
        while bytes.count < expected {
            let count = recv(connection.descriptor.rawValue, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            bytes += buffer[..<count]
            if expected == .max, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                expected = end.upperBound + (length?.split(separator: " ").last.flatMap { Int($0) } ?? 0)
            }
        }
        let parts = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n\r\n")
        let delivery = Delivery(
            path: parts[0].split(separator: " ").dropFirst().first.map(String.init) ?? "", head: parts[0],
            body: parts.dropFirst().joined(separator: "\r\n\r\n"))
        let status = state.withLock { state in
            state.deliveries.append(delivery)
            return state.status
        }
        connection.deliver(Array("HTTP/1.1 \(status) Status\r\nContent-Length: 0\r\n\r\n".utf8))
        connection.shutDown()
    }
}
