package import Decisions
package import Host

/// Where readings come from.
package protocol MetricSource: Sendable {
    /// A reading for each metric that this source knows. Never throws: what could not be read is a *missing* reading.
    func readings(before deadline: Deadline) async -> [Metric: Reading]
}
