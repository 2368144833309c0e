/// All readings of one run, with the time they were taken.
package struct Sample: Equatable, Sendable {
    package let time: Moment
    private let readings: [Metric: Reading]

    package init(time: Moment, readings: [Metric: Reading]) {
        self.time = time
        self.readings = readings
    }

    /// A metric that no source gave a reading for was not asked for.
    package subscript(metric: Metric) -> Reading { readings[metric] ?? .unused }
}
