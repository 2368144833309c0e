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
        /// Of listening ones only.
        let listener: Listener?
    }

    /// A socket that accepts connections to 127.0.0.1.
    package struct Listener: Equatable, Sendable {
        /// The kernel gives a connection to the closest match.
        enum Reach: Int, Sendable {
            case loopback
            case everyIPv4
            case everyIPv6
        }

        let reach: Reach
        /// Of the user who made it.
        let user: UInt32
        /// What `/proc/<pid>/fd` shows as `socket:[inode]`, in every process that holds it.
        let inode: UInt64
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

    /// The same with the numbers of the sockets that take connections to 127.0.0.1: another number is another holder.
    package var listeningSockets: [UInt16: Set<UInt64>] {
        sockets.lazy.filter { $0.state == Self.listening }.reduce(into: [:]) { known, socket in
            known[socket.localPort, default: []].formUnion(socket.listener.map { [$0.inode] } ?? [])
        }
    }

    /// Who is given a connection to that port of 127.0.0.1; more than one where they share it (`SO_REUSEPORT`).
    package func answering(on port: UInt16) -> [Listener] {
        let all = sockets.lazy.filter { $0.localPort == port }.compactMap(\.listener)
        let closest = all.map(\.reach.rawValue).min()
        return all.filter { $0.reach.rawValue == closest }
    }

    /// One line a socket: `sl local_address rem_address st …`, numbers in hexadecimal.
    private static func parse(_ bytes: [UInt8]) -> [Socket] {
        bytes.pieces { $0 == UInt8(ascii: "\n") }.dropFirst().compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 4)
            guard fields.count > 4, let colon = fields[1].lastIndex(of: UInt8(ascii: ":")),
                let port: UInt16 = number(fields[1][(colon + 1)...]), let state: UInt8 = number(fields[3])
            else { return nil }
            return Socket(
                localPort: port, state: state,
                listener: state == listening ? listener(line, on: fields[1][..<colon]) : nil)
        }
    }

    /// `… st tx:rx tr:when retrnsmt uid timeout inode …`; `nil` where it does not accept what comes to 127.0.0.1.
    private static func listener(_ line: ArraySlice<UInt8>, on host: ArraySlice<UInt8>) -> Listener? {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
        guard fields.count > 9, let reach = Listener.Reach(host),
            let user = UInt32(String(decoding: fields[7], as: UTF8.self)),
            let inode = UInt64(String(decoding: fields[9], as: UTF8.self))
        else { return nil }
        return Listener(reach: reach, user: user, inode: inode)
    }

    private static func number<Number: FixedWidthInteger>(_ digits: ArraySlice<UInt8>) -> Number? {
        Number(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

extension SocketTable.Listener.Reach {
    /// An address as the kernel prints it: words of four bytes in the order of this machine.
    fileprivate init?(_ host: ArraySlice<UInt8>) {
        switch String(decoding: host, as: UTF8.self) {
        case "0100007F", "7F000001", "0000000000000000FFFF00000100007F", "00000000000000000000FFFF7F000001":
            self = .loopback
        case "00000000": self = .everyIPv4
        case "00000000000000000000000000000000": self = .everyIPv6
        default: return nil
        }
    }
}
