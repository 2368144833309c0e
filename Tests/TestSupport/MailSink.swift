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
                if let mail = Self.converse(connection) { self.taken.withLock { $0.append(mail) } }
            }
        }
    }

    deinit { listener.shutDown() }

    package var url: String { get throws { "smtp://127.0.0.1:\(try listener.port)" } }
    package var mails: [Mail] { taken.withLock { $0 } }

    private static func converse(_ connection: TestSocket) -> Mail? {
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
                connection.deliver(Array("221 bye\r\n".utf8))
                connection.shutDown()
                return text.map { Mail(commands: commands, text: $0.joined(separator: "\n")) }
            default: connection.deliver(Array("250 ok\r\n".utf8))
            }
        }
        return text.map { Mail(commands: commands, text: $0.joined(separator: "\n")) }
    }

    private static func line(of connection: TestSocket) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while recv(connection.descriptor.rawValue, &byte, 1, 0) == 1 {
            bytes.append(byte)
            if bytes.suffix(2) == [13, 10] { return String(decoding: bytes.dropLast(2), as: UTF8.self) }
        }
        return nil
    }
}
