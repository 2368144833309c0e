@testable import Decisions

/// A set of the 64 addresses that simulated backends can have, as bits.
struct Ports: OptionSet, Hashable {
    let rawValue: UInt64

    static let addresses = (3000..<3064).compactMap { ServerAddress.loopback(port: $0) }

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(slot: Int) { rawValue = 1 << UInt64(slot) }

    init(_ backends: [Backend]) {
        self = backends.reduce(into: []) { ports, backend in
            if let address = backend.address { ports.insert(Ports(slot: Int(address.port) - 3000)) }
        }
    }

    var count: Int { rawValue.nonzeroBitCount }

    var slots: [Int] { (0..<64).filter { contains(Ports(slot: $0)) } }

    var servers: Set<ServerAddress> { Set(slots.map { Self.addresses[$0] }) }
}

extension Ports: CustomStringConvertible {
    var description: String { "{\(slots.map(String.init).joined(separator: ","))}" }
}
