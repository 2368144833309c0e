/// All readings of one run, with the time they were taken.
package struct Sample: Equatable, Sendable {
    package let time: Moment
    private let readings: [Metric: Reading]
    /// Metrics whose height a backup under way explains: they argue for no step up.
    package let explainedByBackup: Set<Metric>

    package init(time: Moment, readings: [Metric: Reading], explainedByBackup: Set<Metric> = []) {
        self.time = time
        self.readings = readings.filter { $0.value != .unused }
        self.explainedByBackup = explainedByBackup
    }

    /// A metric that no source gave a reading for was not asked for.
    package subscript(metric: Metric) -> Reading { readings[metric] ?? .unused }
}
