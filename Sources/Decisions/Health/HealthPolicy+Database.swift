/// Connections and replicas.
extension HealthPolicy {
    func connections(_ found: ConnectionsFound, _ language: Language) -> CheckVerdict {
        let limit = Double(found.limit)
        // Without division: 79.6 % is not 80 %.
        let isCritical =
            found.used * 100 >= found.limit * Self.connectionsCritical || found.used >= found.limit - found.reserved
        let isWarning = found.used * 100 >= found.limit * Self.connectionsWarning
        return CheckVerdict(
            isCritical ? .critical : isWarning ? .warning : .ok,
            language.choose(
                "connections: \(found.used) of \(found.limit), answered in \(Self.milliseconds(found.seconds))",
                "conexiones: \(found.used) de \(found.limit), respondió en \(Self.milliseconds(found.seconds))"),
            [
                PerformanceValue(
                    "connections", Double(found.used), warning: limit * Double(Self.connectionsWarning) / 100,
                    critical: limit * Double(Self.connectionsCritical) / 100, maximum: limit),
                PerformanceValue("database_time", found.seconds, .seconds),
            ])
    }

    /// Critical from five times the limit on.
    func replicas(_ lags: [String: Double?], _ language: Language) -> CheckVerdict {
        guard !lags.isEmpty else { return CheckVerdict(.ok, language.choose("there is none", "no hay ninguna")) }
        var level = CheckLevel.ok
        var words: [String] = []
        var performance: [PerformanceValue] = []
        for (name, lag) in lags.sorted(by: { $0.key < $1.key }) {
            guard let lag else {
                words.append(
                    "\(name): " + language.choose("not visible, GRANT pg_monitor", "no visible, GRANT pg_monitor"))
                level = CheckLevel.worst([level, .unknown])
                continue
            }
            let limit = Double(replicaLag)
            level = CheckLevel.worst([level, lag > limit * 5 ? .critical : lag > limit ? .warning : .ok])
            words.append("\(name): \(Self.seconds(lag))")
            performance.append(
                PerformanceValue("replica_lag_\(name)", lag, .seconds, warning: limit, critical: limit * 5))
        }
        return CheckVerdict(level, words.joined(separator: ", "), performance)
    }
}
