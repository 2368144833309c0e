extension Reason: Catalogue {
    package var english: String {
        switch self {
        case .above(let comparisons): comparisons.map { $0.english(sign: ">") }.joined(separator: " and ")
        case .below(let comparisons): comparisons.map { $0.english(sign: "<") }.joined(separator: " and ")
        case .overMaximum(let count, let maximum): "\(count) backends, and MAX_BACKENDS is \(maximum)"
        case .withinLimits: "no reading calls for a change"
        case .explainedByBackup(let comparisons):
            comparisons.map { $0.english(sign: ">") }.joined(separator: " and ")
                + ", and a backup is running: its load is no reason for one more backend"
        case .missingForStepDown(let metrics):
            "no step down without a reading of " + metrics.map { $0.name(in: .english) }.joined(separator: ", ")
        case .allMissing: "no reading is available"
        case .saturated(let detail): "the database is full, one more backend would make it worse (\(detail))"
        case .notDecided: "the run ended before it could decide"
        }
    }
}

extension Comparison {
    fileprivate func english(sign: String) -> String {
        let share = dividedBy.map { " per backend (of \($0))" } ?? ""
        return "\(metric.name(in: .english)) \(metric.text(of: value))\(share) \(sign) \(metric.text(of: limit))"
    }
}

extension Limit: Catalogue {
    package var english: String {
        switch self {
        case .samples(let have, let need): "run \(have) of the \(need) that must agree"
        case .stateLost: "the state file was unreadable, so no step in this run"
        case .repaired: "this run repairs the fleet"
        case .publishing: "this run brings NGINX up to date first"
        case .unpublished(let failures, let remaining):
            "NGINX did not take the last \(failures == 1 ? "publication" : "\(failures) publications"): "
                + "next try in \(remaining.inSeconds), and at once when the configuration or the upstream file is changed"
        case .notReady: "no backend is ready"
        case .draining(let name): "\(name) is still draining"
        case .cooldown(.up, let remaining): "cooldown after the step up, \(remaining.inSeconds) left"
        case .cooldown(.down, let remaining): "cooldown after the step down, \(remaining.inSeconds) left"
        case .backOff(let failures, let remaining):
            "failed starts in a row: \(failures), next step up in \(remaining.inSeconds) at the earliest "
                + "(below MIN_BACKENDS every run tries again)"
        case .atMaximum(let maximum): "MAX_BACKENDS (\(maximum)) reached"
        case .atMinimum(let minimum): "MIN_BACKENDS (\(minimum)) reached"
        case .tooFewReady(let minimum): "fewer than MIN_BACKENDS (\(minimum)) would be ready"
        case .noneOfOurs: "every backend is adopted, and adopted backends are never stopped"
        }
    }
}

extension MissingReason: Catalogue {
    package var english: String {
        switch self {
        case .unavailable(let detail): detail
        case .timedOut(let seconds): "no answer within \(seconds) s"
        case .hiddenSessions(let count, let role):
            "role \(role) may not see \(count) sessions; run: GRANT pg_monitor TO \(role)"
        case .notANumber(let found):
            "the query must return one row with one whole number, it returned \(found)"
        case .roleFull(let message):
            "the role that reads has no connection left (\(message)): raise its CONNECTION LIMIT, or end its other sessions"
        case .noInterval: "the kernel's counters did not move between two readings"
        }
    }
}

extension ScalingDecision.Verdict: Catalogue {
    /// As it stands in the log.
    package var english: String {
        switch self {
        case .hold: "NORMAL"
        case .up: "SCALING UP"
        case .down: "SCALING DOWN"
        }
    }
}
