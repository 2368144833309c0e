extension Reading {
    /// The value with its unit, or `n/a`.
    package func text(of metric: Metric) -> String {
        if case .value(let value) = self { metric.text(of: value) } else { "n/a" }
    }
}

extension MissingReason {
    package func sentence(in language: Language) -> String {
        switch self {
        case .unavailable(let detail): detail
        case .timedOut(let seconds):
            language.choose("no answer within \(seconds) s", "sin respuesta en \(seconds) s")
        case .hiddenSessions(let count, let role):
            language.choose(
                "role \(role) may not see \(count) sessions; run: GRANT pg_monitor TO \(role)",
                "el rol \(role) no puede ver \(count) sesiones; ejecute: GRANT pg_monitor TO \(role)")
        case .notANumber(let found):
            language.choose(
                "the query must return one row with one whole number, it returned \(found)",
                "la consulta debe devolver una fila con un número entero, devolvió \(found)")
        case .roleFull(let message):
            language.choose(
                "the role that reads has no connection left (\(message)): raise its CONNECTION LIMIT, or end its other sessions",
                "el rol que lee no tiene conexiones libres (\(message)): suba su CONNECTION LIMIT o termine sus otras sesiones"
            )
        case .noInterval:
            language.choose(
                "the kernel's counters did not move between two readings",
                "los contadores del núcleo no avanzaron entre dos lecturas")
        }
    }
}
