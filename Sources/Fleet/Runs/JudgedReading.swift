package import Decisions

/// The limits of a metric in `METRICS`, and the number of the last run that they are compared with: for `status`, where
/// the total alone does not tell why there was a step or none.
package struct JudgedReading: Codable, Equatable, Sendable {
    package let metric: Metric
    /// As measured: per cent, or sessions in all; `nil` where the last run has none.
    package let value: Quantity?
    /// The backends that counted, with `CONNECTIONS_SCOPE=per_backend`.
    package let dividedBy: Int?
    package let perBackend: Bool
    package let minimum: Quantity
    package let maximum: Quantity

    /// What is compared: the measured value, or its share of one backend, rounded down.
    package var judged: Quantity? { value.map { metric.judged($0, dividedBy: dividedBy) } }
}

extension ScalingPolicy {
    /// In the order of the metrics; those that take no part are left out.
    func judging(_ record: RunRecord?) -> [JudgedReading] {
        Metric.allCases.compactMap { metric in
            guard let band = bands[metric] else { return nil }
            let perBackend = scope(of: metric) == .perBackend
            return JudgedReading(
                metric: metric, value: record?.reading(metric)?.value,
                dividedBy: perBackend ? record.map { max(1, $0.backends.filter(\.state.counts).count) } : nil,
                perBackend: perBackend, minimum: band.minimum, maximum: band.maximum)
        }
    }
}
