/// What can argue for a step.
///
/// A new one is a case here with its row of the table, what reads it (`MetricSource`), and the two keys of its limits; lines
/// of log, status and history follow from the row.
package enum Metric: String, CaseIterable, Codable, Sendable {
    case cpu
    case memory
    case connections

    private var row: Row {
        switch self {
        case .cpu: Row(.same("CPU"), unit: "%", .host, limits: 20...80, within: 0...100, isInFormat: true)
        case .memory:
            Row(Words("Memory", "Memoria"), unit: "%", .host, limits: 30...85, within: 0...100, isInFormat: true)
        case .connections:
            Row(
                Words("Connections", "Conexiones"), inStatus: Words("Active connections", "Conexiones activas"),
                unit: "", .total, limits: 20...100, within: 0...Quantity(.max), isInFormat: true)
        }
    }
}

extension Metric {
    /// What a metric's number is about.
    package enum Scope: Sendable {
        /// The machine that the run is on.
        case host
        /// All backends together.
        case total
        /// All backends together, judged divided by those that count: one backend more lowers it.
        case perBackend
    }

    /// What all but the source of a metric has to know of it.
    private struct Row {
        let name: Words
        let statusName: Words
        /// Printed behind each number.
        let unit: String
        let scope: Scope
        /// To which readings are rounded down; what is judged has no more of them.
        let decimals: Int
        /// The limits of a configuration that names none.
        let limits: ClosedRange<Quantity>
        /// Limits that a configuration may name.
        let possibleLimits: ClosedRange<Quantity>
        let isInFormat: Bool

        init(
            _ name: Words, inStatus statusName: Words? = nil, unit: String, _ scope: Scope, decimals: Int = 0,
            limits: ClosedRange<Quantity>, within possibleLimits: ClosedRange<Quantity>, isInFormat: Bool = false
        ) {
            self.name = name
            self.statusName = statusName ?? name
            self.unit = unit
            self.scope = scope
            self.decimals = decimals
            self.limits = limits
            self.possibleLimits = possibleLimits
            self.isInFormat = isInFormat
        }
    }

    /// As it stands in log lines and status texts.
    package func name(in language: Language) -> String { row.name.text(in: language) }
    /// As it stands in the block of `status`.
    package func statusName(in language: Language) -> String { row.statusName.text(in: language) }
    package var unit: String { row.unit }
    package var scope: Scope { row.scope }
    package var decimals: Int { row.decimals }
    package var limits: ClosedRange<Quantity> { row.limits }
    package var possibleLimits: ClosedRange<Quantity> { row.possibleLimits }

    /// Those that the second line of every run and the block of `status` show, configured or not: their format is fixed.
    /// Others stand on lines of their own, where they are configured.
    package static let inFormat = allCases.filter(\.row.isInFormat)
    package static let beyondFormat = allCases.filter { !$0.row.isInFormat }

    /// What is compared with the limits: a reading, or its share of one of so many backends, rounded down like a reading.
    package func judged(_ reading: Quantity, dividedBy backends: Int?) -> Quantity {
        backends.map { reading.divided(by: $0, decimals: decimals) } ?? reading
    }

    /// The number with its unit: `45%`, `78`.
    package func text(of value: Quantity) -> String { "\(value)\(unit)" }
}
