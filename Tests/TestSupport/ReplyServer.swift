import Foundation
import Glibc
import Synchronization
import SystemPackage

/// Answers every request on 127.0.0.1 with the same raw bytes, and hangs up: what a broken or hostile server may send.
package final class ReplyServer: Sendable {
    private let listener: TestSocket
    private let reply = Mutex<[UInt8]>([])
    package let url: String

    package init() throws {
        listener = try .listening()
        url = "http://127.0.0.1:\(try listener.port)/"
        Thread.detachNewThread { [listener, weak self] in
            while let connection = try? listener.accepted() {
                guard let self else { return }
                self.serve(connection)
            }
        }
    }

    deinit { listener.shutDown() }

    /// Runs the body while these bytes are the answer.
    package func answering<Result>(_ bytes: [UInt8], _ body: () throws -> Result) rethrows -> Result {
        reply.withLock { $0 = bytes }
        return try body()
    }

    private func serve(_ connection: TestSocket) {
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !head.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) {
            let count = recv(connection.descriptor.rawValue, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            head += buffer[..<count]
        }
        connection.deliver(reply.withLock { $0 })
        connection.shutDown()
    }
}
