package import Decisions

/// The limits of a metric in `METRICS`, and the number of the last run that they are compared with: for `status`, where
/// the total alone does not tell why there was a step or none.
package struct JudgedReading: Codable, Equatable, Sendable {
    package let metric: Metric
    /// As measured: per cent, or sessions in all; `nil` where the last run has none.
    package let value: Int?
    /// The backends that counted, with `CONNECTIONS_SCOPE=per_backend`.
    package let dividedBy: Int?
    package let perBackend: Bool
    package let minimum: Int
    package let maximum: Int

    /// What is compared: the measured value, or its share of one backend, rounded down.
    package var judged: Int? { value.map { $0 / (dividedBy ?? 1) } }
}

extension ScalingPolicy {
    /// In the order of the metrics; those that take no part are left out.
    func judging(_ record: RunRecord?) -> [JudgedReading] {
        Metric.allCases.compactMap { metric in
            guard let band = bands[metric] else { return nil }
            let perBackend = metric == .connections && connectionsScope == .perBackend
            return JudgedReading(
                metric: metric, value: record?.reading(metric)?.value,
                dividedBy: perBackend ? record.map { max(1, $0.backends.filter(\.state.counts).count) } : nil,
                perBackend: perBackend, minimum: band.minimum, maximum: band.maximum)
        }
    }
}
