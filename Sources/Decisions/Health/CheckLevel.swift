/// The four states of the monitoring-plugins guidelines ("Plugin return codes").
package enum CheckLevel: String, Codable, CaseIterable, Sendable {
    case ok
    case warning
    case critical
    case unknown

    package var exitStatus: Int32 {
        switch self {
        case .ok: 0
        case .warning: 1
        case .critical: 2
        case .unknown: 3
        }
    }

    /// As it stands in a summary line.
    package var word: String {
        rawValue.uppercased()
    }

    /// Critical before warning before unknown before ok, as monitoring-plugins' own `max_state_alt` has it.
    package static func worst(_ levels: some Sequence<CheckLevel>) -> CheckLevel {
        let order: [CheckLevel] = [.critical, .warning, .unknown]
        let present = Set(levels)
        return order.first { present.contains($0) } ?? .ok
    }
}
