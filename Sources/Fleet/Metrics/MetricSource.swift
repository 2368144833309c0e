package import Decisions
package import Host

/// Where readings come from.
///
/// Made as a run begins to look, and asked once, with what it wanted to be remembered when it was asked the last time. So a
/// source can tell what has happened since: the kernel's counters a minute ago, how far a log was read, a window of readings.
package protocol MetricSource: Sendable {
    /// What only the next run can use; `Never` where there is nothing.
    associatedtype Memory: Codable & Sendable

    /// Under which the state file keeps its memory: another name, and the memory is lost.
    static var name: String { get }

    /// A reading for each metric that this source knows. Never throws: what could not be read is a *missing* reading.
    /// - Parameter memory: that of the last run on record; `nil` before the first, and where what is stored is no such memory.
    func measure(after memory: Memory?, before deadline: Deadline) async -> Measurement<Memory>
}

/// What a source answers.
package struct Measurement<Memory: Codable & Sendable>: Sendable {
    package let readings: [Metric: Reading]
    /// For the next run; `nil` where it can use none.
    package let memory: Memory?

    package init(_ readings: [Metric: Reading], memory: Memory? = nil) {
        self.readings = readings
        self.memory = memory
    }
}
