import Foundation
import Glibc
import Synchronization
import SystemPackage

/// A mail server on 127.0.0.1 that takes every mail and keeps it (RFC 5321, as much as a client needs).
package final class MailSink: Sendable {
    package struct Mail: Sendable {
        /// The commands, in their order, without the mail.
        package let commands: [String]
        package let text: String
    }

    private let listener: TestSocket
    private let taken = Mutex<[Mail]>([])

    package init() throws {
        listener = try .listening()
        Thread.detachNewThread { [listener, weak self] in
            while let connection = try? listener.accepted() {
                guard let self else { return }
                self.converse(connection)
            }
        }
    }

    deinit { listener.shutDown() }

    package var url: String { get throws { "smtp://127.0.0.1:\(try listener.port)" } }
    package var mails: [Mail] { taken.withLock { $0 } }

    private func converse(_ connection: TestSocket) {
        connection.deliver(Array("220 sink\r\n".utf8))
        var commands: [String] = []
        var text: [String]?
        while let line = line(of: connection) {
            commands.append(line)
            switch line.prefix(4).uppercased() {
            case "DATA":
                connection.deliver(Array("354 go on\r\n".utf8))
                var lines: [String] = []
                while let line = self.line(of: connection), line != "." { lines.append(line) }
                text = lines
                connection.deliver(Array("250 taken\r\n".utf8))
            case "QUIT":
                keep(commands, text)  // before the client can end
                connection.deliver(Array("221 bye\r\n".utf8))
                return connection.shutDown()
            default: connection.deliver(Array("250 ok\r\n".utf8))
            }
        }
        keep(commands, text)
    }

    private func keep(_ commands: [String], _ lines: [String]?) {
        guard let lines else { return }
        taken.withLock { $0.append(Mail(commands: commands, text: lines.joined(separator: "\n"))) }
    }

    private func line(of connection: TestSocket) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while recv(connection.descriptor.rawValue, &byte, 1, 0) == 1 {
            bytes.append(byte)
            if bytes.suffix(2) == [13, 10] { return String(decoding: bytes.dropLast(2), as: UTF8.self) }
        }
        return nil
    }
}
