extension Reason {
    /// The spelling for machines: history, `--json`.
    package var code: String {
        switch self {
        case .above: "above_maximum"
        case .below: "below_minimum"
        case .overMaximum: "over_max_backends"
        case .withinLimits: "within_limits"
        case .explainedByBackup: "backup_under_way"
        case .missingForStepDown: "reading_missing"
        case .allMissing: "all_readings_missing"
        case .saturated: "database_saturated"
        case .notDecided: "not_decided"
        }
    }
}

extension Limit {
    /// The spelling for machines: history, `--json`.
    package var code: String {
        switch self {
        case .samples: "samples"
        case .stateLost: "state_lost"
        case .repaired: "repaired"
        case .publishing: "publishing"
        case .unpublished: "publishing_failed"
        case .notReady: "none_ready"
        case .draining: "draining"
        case .cooldown: "cooldown"
        case .backOff: "back_off"
        case .atMaximum: "max_backends"
        case .atMinimum: "min_backends"
        case .tooFewReady: "too_few_ready"
        case .noneOfOurs: "none_of_ours"
        }
    }
}
