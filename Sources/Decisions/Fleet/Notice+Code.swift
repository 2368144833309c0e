extension Notice {
    /// The spelling for machines: history, `--json`.
    package var code: String {
        switch self {
        case .sharedFailure: "shared_failure"
        case .noneReady: "none_ready"
        case .lost, .vanished: "backend_lost"
        case .neverReady: "never_ready"
        case .drainCancelled: "drain_cancelled"
        }
    }
}
