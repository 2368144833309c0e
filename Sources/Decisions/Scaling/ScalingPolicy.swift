/// The limits and waits that a step has to respect, as configured.
package struct ScalingPolicy: Equatable, Sendable {
    /// The limits of one metric: above `maximum` asks for a backend more, below `minimum` for one less. Both are strict.
    package struct Band: Equatable, Sendable {
        package let minimum: Quantity
        package let maximum: Quantity

        package init(minimum: Quantity, maximum: Quantity) {
            self.minimum = minimum
            self.maximum = maximum
        }
    }

    /// What the connection limits are compared with.
    package enum ConnectionsScope: String, CaseIterable, Sendable {
        case total
        /// The total divided by the number of backends: unlike the total, a new backend lowers it.
        case perBackend = "per_backend"
    }

    /// Only the metrics that take part.
    package let bands: [Metric: Band]
    package let connectionsScope: ConnectionsScope
    package let backends: ClosedRange<Int>
    package let upCooldown: Duration
    package let downCooldown: Duration
    /// Consecutive runs that must agree before a step.
    package let upSamples: Int
    package let downSamples: Int

    package init(
        bands: [Metric: Band], connectionsScope: ConnectionsScope = .total, backends: ClosedRange<Int>,
        upCooldown: Duration = .seconds(60), downCooldown: Duration = .seconds(60),
        upSamples: Int = 1, downSamples: Int = 1
    ) {
        self.bands = bands
        self.connectionsScope = connectionsScope
        self.backends = backends
        self.upCooldown = upCooldown
        self.downCooldown = downCooldown
        self.upSamples = upSamples
        self.downSamples = downSamples
    }

    /// What the limits of a metric are compared with.
    package func scope(of metric: Metric) -> Metric.Scope {
        guard metric == .connections else { return metric.scope }
        return switch connectionsScope {
        case .total: .total
        case .perBackend: .perBackend
        }
    }

    package func cooldown(before direction: Direction) -> Duration {
        switch direction {
        case .up: upCooldown
        case .down: downCooldown
        }
    }
}

/// Which way a step goes.
package enum Direction: String, Codable, Sendable {
    case up
    case down
}
