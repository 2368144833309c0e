import Foundation
import Host
import Synchronization

/// Neighbouring ports that nothing listens on, below those that the kernel gives to clients. No two tests get the same:
/// what one has chosen and not opened yet is not free for the other. Two test processes side by side have each a range of
/// its own, in `AUTOSCALE_TEST_PORTS`.
package func freePorts(_ count: UInt16) throws -> ClosedRange<UInt16> {
    let taken = try SocketTable().listeningPorts
    while true {
        let first = PortCursor.next.withLock { next in
            if Int(next) + Int(count) - 1 > PortCursor.range.upperBound { next = PortCursor.range.lowerBound }
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
    static let range: ClosedRange<UInt16> = {
        guard let named = ProcessInfo.processInfo.environment["AUTOSCALE_TEST_PORTS"] else { return 20000...31999 }
        let bounds = named.split(separator: "-").compactMap { UInt16($0) }
        precondition(bounds.count == 2 && bounds[0] < bounds[1], "AUTOSCALE_TEST_PORTS is no range: \(named)")
        return bounds[0]...bounds[1]
    }()
    static let next = Mutex(UInt16.random(in: range))
}
