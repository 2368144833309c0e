import Foundation
import SystemPackage

/// A TCP socket bound to a free port of 127.0.0.1 and closed with its last reference.
package final class LoopbackSocket: Sendable {
    private let descriptor: Int32
    package let port: UInt16

    /// - Parameter backlog: listens with a queue of that length and never accepts: clients connect and get no answer.
    package init(listening backlog: Int32? = nil) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutableBytes(of: &address) { bytes in
            let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            guard bind(descriptor, address, length) == 0, getsockname(descriptor, address, &length) == 0 else {
                return errno
            }
            if let backlog, listen(descriptor, backlog) != 0 { return errno }
            return 0
        }
        guard status == 0 else {
            close(descriptor)
            throw Errno(rawValue: status)
        }
        self.descriptor = descriptor
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
