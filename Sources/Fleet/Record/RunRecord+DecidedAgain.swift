package import Decisions

extension RunRecord {
    /// What the run decided from, and what it came to.
    mutating func note(_ inputs: DecisionInputs, _ decision: ScalingDecision, in language: Language) {
        for metric in Metric.allCases where inputs.sample[metric] != .unused {
            readings[metric.rawValue] = RecordedReading(inputs.sample[metric], in: language)
        }
        self.inputs = RecordedInputs(inputs)
        self.decision = RecordedDecision(decision, in: language)
    }

    /// `nil` where the line does not say them: the run did not decide, or another version of this program wrote it.
    package var decisionInputs: DecisionInputs? {
        var found: [Metric: Reading] = [:]
        for (name, recorded) in readings {
            guard let metric = Metric(rawValue: name), let reading = recorded.reading else { return nil }
            found[metric] = reading
        }
        return inputs?.inputs(with: found)
    }

    /// What the rules of this version make of what the run decided from.
    package var decidedAgain: ScalingDecision? { decisionInputs?.decide() }

    /// The decision in the reader's language.
    ///
    /// The line's own words where they are not those of its inputs: it is from a version that decided, or spoke, otherwise,
    /// and what it did is what counts.
    package func decision(in language: Language) -> RecordedDecision {
        guard let again = decidedAgain, isDecided(as: again) else { return decision }
        return RecordedDecision(again, in: language)
    }

    /// Whether the line tells of this decision, to the word, in one language or another.
    package func isDecided(as decision: ScalingDecision) -> Bool {
        Language.allCases.contains { RecordedDecision(decision, in: $0) == self.decision }
    }
}
