extension Notice {
    package func sentence(in language: Language) -> String {
        switch self {
        case .sharedFailure(let count):
            language.choose(
                "All \(count) backends stopped being ready while they run: the cause is shared (the database?), none is removed",
                "Los \(count) backends dejaron de estar listos a la vez: la causa es común (¿la base de datos?), no se elimina ninguno"
            )
        case .noneReady:
            language.choose(
                "No backend is ready: NGINX keeps the last published set",
                "Ningún backend está listo: NGINX conserva el último conjunto publicado")
        case .lost(let name, let activity):
            language.choose(
                "Backend lost: \(name) (\(activity == .running ? "does not answer" : activity.rawValue))",
                "Backend perdido: \(name) (\(activity == .running ? "no responde" : activity.rawValue))")
        case .vanished(let name):
            language.choose("Backend lost: \(name) (gone)", "Backend perdido: \(name) (ya no existe)")
        case .neverReady(let name, let limit, let adopted, let health):
            language.choose(
                "\(name) was not ready within \(limit.inSeconds) of its start"
                    + (adopted ? ": adopted, so it is left alone and not counted" : ": removed")
                    + (health?.words(in: .english).map { " (its health path: \($0))" } ?? ""),
                "\(name) no estuvo listo en \(limit.inSeconds) desde su arranque"
                    + (adopted ? ": adoptado, se deja como está y no cuenta" : ": eliminado")
                    + (health?.words(in: .spanish).map { " (su ruta de salud: \($0))" } ?? ""))
        case .drainCancelled(let name):
            language.choose(
                "\(name) goes back into the upstream: without it fewer than MIN_BACKENDS would be ready",
                "\(name) vuelve al upstream: sin él quedarían menos de MIN_BACKENDS listos")
        }
    }
}

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
