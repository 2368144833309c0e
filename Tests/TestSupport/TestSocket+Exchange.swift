import Glibc
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
}
