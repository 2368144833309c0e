import AutoscaleCore

/// Neighbouring ports that nothing listens on, below those that the kernel gives to clients.
package func freePorts(_ count: UInt16) throws -> ClosedRange<UInt16> {
    let taken = try SocketTable().listeningPorts
    while true {
        let first = UInt16.random(in: 20000...(32000 - count))
        let ports = first...(first + count - 1)
        if taken.isDisjoint(with: ports) { return ports }
    }
}
