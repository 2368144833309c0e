import Glibc
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
    /// The socket that bears the name, and what a start needs besides.
    package let channel: StartChannel

    /// - Returns: `nil` where another start has it.
    /// - Throws: `Errno` of socketpair(2) or bind(2).
    package init?(_ port: UInt16) throws(Errno) {
        self.port = port
        channel = try StartChannel()
        let status = Self.bindName("autoscale/port/\(port)", channel.held.rawValue)
        if status == EADDRINUSE { return nil }
        guard status == 0 else { throw Errno(rawValue: status) }
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
}
