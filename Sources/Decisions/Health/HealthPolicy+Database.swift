/// Connections and replicas.
extension HealthPolicy {
    func connections(_ found: ConnectionsFound) -> CheckVerdict {
        let limit = Double(found.limit)
        // Without division: 79.6 % is not 80 %.
        let isCritical =
            found.used * 100 >= found.limit * Self.connectionsCritical || found.used >= found.limit - found.reserved
        let isWarning = found.used * 100 >= found.limit * Self.connectionsWarning
        return CheckVerdict(
            isCritical ? .critical : isWarning ? .warning : .ok, .connections(found),
            [
                PerformanceValue(
                    "connections", Double(found.used), warning: limit * Double(Self.connectionsWarning) / 100,
                    critical: limit * Double(Self.connectionsCritical) / 100, maximum: limit),
                PerformanceValue("database_time", found.seconds, .seconds),
            ])
    }

    /// Critical from five times the limit on.
    func replicas(_ lags: [String: Double?]) -> CheckVerdict {
        let limit = Double(replicaLag)
        let levels = lags.values.map { lag -> CheckLevel in
            guard let lag else { return .unknown }
            return lag > limit * 5 ? .critical : lag > limit ? .warning : .ok
        }
        let performance = lags.sorted { $0.key < $1.key }.compactMap { name, lag in
            lag.map { PerformanceValue("replica_lag_\(name)", $0, .seconds, warning: limit, critical: limit * 5) }
        }
        return CheckVerdict(CheckLevel.worst(levels), .replicas(lags), performance)
    }
}
