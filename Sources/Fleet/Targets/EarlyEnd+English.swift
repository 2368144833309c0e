extension EarlyEnd {
    package var english: String {
        switch self {
        case .containerGone: "its container is gone; see `docker events --since 5m`"
        case .ended(let log, ""): "it ended at once and wrote nothing to \(log)"
        case .ended(let log, let said): "it ended at once; the end of \(log): \(said)"
        case .inBackground(let pid, let log, let said):
            "it put itself into the background (process \(pid)) and was ended, because nobody could look after it; "
                + "BACKEND_COMMAND must stay in the foreground: no --daemon, no & at the end; "
                + (said.isEmpty ? "wrote nothing to \(log)" : "the end of \(log): \(said)")
        }
    }
}
