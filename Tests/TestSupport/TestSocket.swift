import Glibc
package import SystemPackage

/// A TCP or Unix socket that a test holds; it is closed when nobody holds it any more, or before.
package final class TestSocket: Sendable {
    let descriptor: FileDescriptor

    init(descriptor: Int32) throws {
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        self.descriptor = FileDescriptor(rawValue: descriptor)
    }

    deinit { try? descriptor.close() }

    /// Listens on 127.0.0.1, on a free port where none is given.
    package static func listening(port: UInt16 = 0) throws -> TestSocket {
        let socket = try holding(port: port)
        try check(listen(socket.descriptor.rawValue, 128))
        return socket
    }

    /// Binds a port of 127.0.0.1 without listening: taken, and in no list of listeners.
    package static func holding(port: UInt16 = 0) throws -> TestSocket {
        let socket = try TestSocket(descriptor: socket(AF_INET, tcp, 0))
        try withLoopback(port: port) { try check(bind(socket.descriptor.rawValue, $0, $1)) }
        return socket
    }

    /// Listens on a Unix socket.
    package static func listening(path: FilePath) throws -> TestSocket {
        let socket = try TestSocket(descriptor: socket(AF_UNIX, tcp, 0))
        try withUnixAddress(path) { try check(bind(socket.descriptor.rawValue, $0, $1)) }
        try check(listen(socket.descriptor.rawValue, 128))
        return socket
    }

    /// Connects to a Unix socket.
    static func connected(path: FilePath) throws -> TestSocket {
        let socket = try TestSocket(descriptor: socket(AF_UNIX, tcp, 0))
        try withUnixAddress(path) { try check(connect(socket.descriptor.rawValue, $0, $1)) }
        return socket
    }

    /// Connects to a port of 127.0.0.1.
    package static func connected(port: UInt16) throws -> TestSocket {
        let socket = try TestSocket(descriptor: socket(AF_INET, tcp, 0))
        try withLoopback(port: port) { try check(connect(socket.descriptor.rawValue, $0, $1)) }
        return socket
    }

    /// Blocks until somebody connects.
    func accepted() throws -> TestSocket {
        let socket = try TestSocket(descriptor: accept(descriptor.rawValue, nil, nil))
        _ = fcntl(socket.descriptor.rawValue, F_SETFD, FD_CLOEXEC)
        return socket
    }

    /// Ends every wait on it: accept(2) and read(2) return at once.
    package func shutDown() { _ = shutdown(descriptor.rawValue, Int32(SHUT_RDWR)) }

    /// The local port.
    package var port: UInt16 {
        get throws {
            var address = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            try withUnsafeMutablePointer(to: &address) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    try check(getsockname(descriptor.rawValue, $0, &size))
                }
            }
            return UInt16(bigEndian: address.sin_port)
        }
    }
}

private let tcp = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

private func check(_ result: Int32) throws {
    guard result == 0 else { throw Errno(rawValue: errno) }
}

private func withLoopback(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void) throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    try withUnsafePointer(to: &address) { pointer in
        try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

private func withUnixAddress(
    _ path: FilePath, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.string.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Errno.fileNameTooLong }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.string.utf8) }
    try withUnsafePointer(to: &address) { pointer in
        try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
