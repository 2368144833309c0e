import Host
import Synchronization

/// Neighbouring ports that nothing listens on, below those that the kernel gives to clients. No two tests of one process
/// get the same: what one has chosen and not opened yet is not free for the other.
package func freePorts(_ count: UInt16) throws -> ClosedRange<UInt16> {
    let taken = try SocketTable().listeningPorts
    while true {
        let first = PortCursor.next.withLock { next in
            if next + count > 32000 { next = 20000 }
            defer { next += count }
            return next
        }
        let ports = first...(first + count - 1)
        if taken.isDisjoint(with: ports) { return ports }
    }
}

/// One of them, which no client's own end can have either.
package func freePort() throws -> UInt16 { try freePorts(1).lowerBound }

private enum PortCursor {
    static let next = Mutex(UInt16.random(in: 20000..<32000))
}
