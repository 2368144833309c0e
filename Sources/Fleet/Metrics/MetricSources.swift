import Decisions
import Host
import Settings

/// The sources of the readings that a configuration asks for: a new one is a line here.
struct MetricSources: Sendable {
    /// What a run measured, and what its sources want to be remembered once it is on record.
    struct Answer: Sendable {
        fileprivate(set) var readings: [Metric: Reading] = [:]
        fileprivate(set) var memories = SourceMemories()
    }

    private var sources: [any MetricSource] = []
    private var unavailable: [Metric: Reading] = [:]

    /// Made as the run begins: what is measured from there on counts from now.
    init(_ configuration: Configuration) {
        let metrics = Set(configuration.metrics)
        sources.append(HostLoad(metrics: metrics))
        guard metrics.contains(.connections) else { return }
        do throws(FileFailure) {
            sources.append(
                DatabaseLoad(
                    parameters: try configuration.postgresParameters(), query: configuration.connectionsQuery,
                    language: configuration.language))
        } catch {
            unavailable[.connections] = .missing(.unavailable(error.sentence(in: configuration.language)))
        }
    }

    /// Asks one after the other.
    func measure(after memories: SourceMemories, before deadline: Deadline) async -> Answer {
        var answer = Answer(readings: unavailable)
        for source in sources { await Self.ask(source, after: memories, before: deadline, &answer) }
        return answer
    }

    private static func ask<Source: MetricSource>(
        _ source: Source, after memories: SourceMemories, before deadline: Deadline, _ answer: inout Answer
    ) async {
        let measured = await source.measure(after: memories.memory(of: Source.self), before: deadline)
        answer.readings.merge(measured.readings) { $1 }
        answer.memories.keep(measured.memory, of: Source.self)
    }
}
