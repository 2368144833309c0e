package import Glibc
import Synchronization
package import SystemPackage

/// A port of this host that a start has chosen and its backend does not listen on yet: no other start takes it meanwhile,
/// of whatever service and user.
///
/// What is reserved is a name in the kernel's abstract namespace (unix(7)), one a port: bound by one socket at a time, by
/// root and anybody else alike, free when the last process that holds the socket has ended, and known to the same network
/// namespace that the port itself belongs to. No file is left behind, followed or locked out by who made it first.
///
/// A process backend inherits the socket and so keeps its port as long as it lives, however slowly it starts.
package final class PortReservation: Sendable {
    package let port: UInt16
    /// For the backend: what is written there arrives at `reports`.
    package let held: FileDescriptor
    private let reports: FileDescriptor

    /// - Returns: `nil` where another start has it.
    /// - Throws: `Errno` of socketpair(2) or bind(2).
    package init?(_ port: UInt16) throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Errno(rawValue: errno)
        }
        self.port = port
        held = FileDescriptor(rawValue: ends[0])
        reports = FileDescriptor(rawValue: ends[1])
        let status = Self.bindName("autoscale/port/\(port)", held.rawValue)
        if status == EADDRINUSE { return nil }
        guard status == 0 else { throw Errno(rawValue: status) }
    }

    deinit {
        try? held.close()
        try? reports.close()
    }

    /// A name that begins with a zero byte is abstract.
    private static func bindName(_ name: String, _ socket: Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.storeBytes(of: 0, as: UInt8.self)
            UnsafeMutableRawBufferPointer(rebasing: path.dropFirst()).copyBytes(from: name.utf8)
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) }
        }
        return result == 0 ? 0 : errno
    }

    /// The number that was written into `held`; `nil` while nothing was.
    package func reportedNumber() -> pid_t? {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { buffer in
            let count = recv(reports.rawValue, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return nil }
            return pid_t(String(decoding: buffer.prefix(count), as: UTF8.self).filter { !$0.isNewline })
        }
    }
}
