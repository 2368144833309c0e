extension Notice: Catalogue {
    package var english: String {
        switch self {
        case .sharedFailure(let count):
            "All \(count) backends stopped being ready while they run: the cause is shared (the database?), none is removed"
        case .noneReady: "No backend is ready: NGINX keeps the last published set"
        case .lost(let name, .running): "Backend lost: \(name) (does not answer)"
        case .lost(let name, let activity): "Backend lost: \(name) (\(activity.english))"
        case .vanished(let name): "Backend lost: \(name) (no longer there)"
        case .neverReady(let name, let limit, let adopted, let health):
            "\(name) was not ready within \(limit.inSeconds) of its start"
                + (adopted ? ": adopted, so it is left alone and not counted" : ": removed")
                + (health?.words(in: .english).map { " (its health path: \($0))" } ?? "")
        case .drainCancelled(let name):
            "\(name) goes back into the upstream: without it fewer than MIN_BACKENDS would be ready"
        }
    }
}

extension Health: Catalogue {
    package var english: String {
        switch self {
        case .ready: "ready"
        case .refused: "nothing listens on its port"
        case .unhealthy(let words): words
        case .impostor(let who): who.english
        case .unprobed: "not asked"
        }
    }
}

extension Backend.Activity: Catalogue {
    package var english: String { rawValue }
}

extension Standing: Catalogue {
    package var english: String { rawValue }
}
