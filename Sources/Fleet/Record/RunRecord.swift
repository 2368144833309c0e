package import Decisions
import FoundationEssentials
import Host
package import Reporting

/// What one run saw, decided and did: one line of history, what `why` reads and what `--json` prints.
package struct RunRecord: Codable, Equatable, Sendable {
    package struct RecordedBackend: Codable, Equatable, Sendable {
        package let name: String
        package let address: String?
        package let state: Standing
        package let adopted: Bool
    }

    package struct RecordedDecision: Codable, Equatable, Sendable {
        package let verdict: ScalingDecision.Verdict
        package let reason: Explained
        package let limits: [Explained]
    }

    package var version = 1
    package let service: String
    /// When the run began: ISO 8601, UTC.
    package let time: String
    /// By the metric's name.
    package var readings: [String: RecordedReading] = [:]
    /// As they were found.
    package var backends: [RecordedBackend] = []
    /// Backends that counted when the run was over.
    package var activeBackends: Int?
    package var decision: RecordedDecision
    /// What was decided from; `nil` where the run ended before it could decide, and in lines of older versions.
    package var inputs: RecordedInputs?
    /// What was done and what went wrong, in order.
    package var events: [Explained] = []
    /// Only in a dry run: what a real one would do, and the text of the upstream file.
    package var plan: Plan?
    package var durationMilliseconds = 0
    package var exitStatus: Int32 = 0

    /// The same of what a dry run lists.
    package struct ExplainedAction: Codable, Equatable, Sendable {
        package let code: PlannedAction
        package let text: String
    }

    package struct Plan: Codable, Equatable, Sendable {
        package let actions: [ExplainedAction]
        /// With the backends that are ready now.
        package let upstreamChanges: Bool
        package let upstream: String?

        /// Backends whose address is not known before they are started.
        package var startsBackends: Bool { actions.contains(where: \.code.startsBackend) }
    }

    package init(service: String, start: Moment, language: Language) {
        self.service = service
        time = WallClock.utc(start.wall)
        decision = RecordedDecision(
            ScalingDecision(verdict: .hold, reason: .notDecided, limits: [], streak: .init()), in: language)
    }

    /// Unix time of `time`.
    package var start: Int? {
        (try? Date(time, strategy: .iso8601)).map { Int($0.timeIntervalSince1970) }
    }

    package func reading(_ metric: Metric) -> RecordedReading? { readings[metric.rawValue] }
}

extension RunRecord.RecordedDecision {
    init(_ decision: ScalingDecision, in language: Language) {
        verdict = decision.verdict
        reason = .init(code: decision.reason.code, text: decision.reason.sentence(in: language))
        limits = decision.limits.map { .init(code: $0.code, text: $0.sentence(in: language)) }
    }
}
