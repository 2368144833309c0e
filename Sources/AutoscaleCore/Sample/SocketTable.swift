package import SystemPackage

/// The TCP sockets of a network namespace, as the kernel lists them in `/proc/<pid>/net/tcp` and `tcp6` (proc(5)).
///
/// The namespace is that of the named process, so a container's own connections are seen without entering it: what its
/// userland proxy holds on the host says nothing about what the container still serves.
package struct SocketTable: Sendable {
    private let sockets: [Socket]

    private struct Socket {
        let localPort: UInt16
        let state: UInt8
    }

    /// include/net/tcp_states.h
    private static let established: UInt8 = 0x01
    private static let listening: UInt8 = 0x0A

    /// Reads the sockets of the namespace of a process (`nil`: our own).
    /// - Throws: `Errno` when the process is gone or may not be looked at.
    package init(ofProcess pid: Int32? = nil) throws(Errno) {
        let folder = "/proc/\(pid.map(String.init) ?? "self")/net/"
        var sockets = Self.parse(try KernelFile.bytes(FilePath(folder + "tcp")))
        do throws(Errno) {
            sockets += Self.parse(try KernelFile.bytes(FilePath(folder + "tcp6")))
        } catch {
            guard error == .noSuchFileOrDirectory else { throw error }  // a kernel without IPv6
        }
        self.sockets = sockets
    }

    /// Reads the whole of such a file.
    package init(_ bytes: [UInt8]) {
        sockets = Self.parse(bytes)
    }

    /// Connections established on a local port, whoever holds the other end.
    package func established(onPort port: UInt16) -> Int {
        sockets.count { $0.localPort == port && $0.state == Self.established }
    }

    /// Ports that something listens on.
    package var listeningPorts: Set<UInt16> {
        Set(sockets.lazy.filter { $0.state == Self.listening }.map(\.localPort))
    }

    /// One line a socket: `sl local_address rem_address st …`, numbers in hexadecimal.
    private static func parse(_ bytes: [UInt8]) -> [Socket] {
        bytes.pieces { $0 == UInt8(ascii: "\n") }.dropFirst().compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 4)
            guard fields.count > 4, let colon = fields[1].lastIndex(of: UInt8(ascii: ":")),
                let port: UInt16 = number(fields[1][(colon + 1)...]), let state: UInt8 = number(fields[3])
            else { return nil }
            return Socket(localPort: port, state: state)
        }
    }

    private static func number<Number: FixedWidthInteger>(_ digits: ArraySlice<UInt8>) -> Number? {
        Number(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
