import Foundation
import SystemPackage

extension TestSocket {
    /// Sends the text and returns all that comes back until the other end closes, or says nothing for 10 s.
    package func exchange(_ text: String) throws -> String {
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor.rawValue, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        try descriptor.writeAll(text.utf8)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            if count == 0 { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }

    /// What becomes of one request on a connection that is kept.
    package enum KeptAnswer: Equatable, Sendable {
        /// - isLast: the server says that it closes the connection after it.
        case whole(status: Int, isLast: Bool)
        /// Closed before the first byte of an answer, as a server may do between two requests.
        case closedBetween
        /// Closed or silent for 10 s within an answer.
        case cut
    }

    /// Sends one request and reads its answer, whose length the server must tell.
    package func ask(_ request: String) -> KeptAnswer {
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor.rawValue, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // Without SIGPIPE where the server has closed: what it sent before is still to be read.
        let bytes = Array(request.utf8)
        guard send(descriptor.rawValue, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            return .closedBetween
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count: Int
            do {
                count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            } catch {
                return answer.isEmpty && error as? Errno == .connectionReset ? .closedBetween : .cut
            }
            if count == 0 { return answer.isEmpty ? .closedBetween : .cut }
            answer += buffer[..<count]
            if let whole = Self.whole(answer) { return whole }
        }
    }

    /// `nil` while more is to come.
    private static func whole(_ answer: [UInt8]) -> KeptAnswer? {
        let text = String(decoding: answer, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
        let length = head.first { $0.hasPrefix("content-length:") }?.split(separator: " ").last.flatMap { Int($0) }
        guard let length, text[end.upperBound...].utf8.count >= length else { return nil }
        let status = head.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return status.map { .whole(status: $0, isLast: head.contains("connection: close")) }
    }
}
