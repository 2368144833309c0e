extension Reason {
    package var spanish: String {
        switch self {
        case .above(let comparisons): comparisons.map { $0.spanish(sign: ">") }.joined(separator: " y ")
        case .below(let comparisons): comparisons.map { $0.spanish(sign: "<") }.joined(separator: " y ")
        case .overMaximum(let count, let maximum): "hay \(count) backends y MAX_BACKENDS es \(maximum)"
        case .withinLimits: "ninguna lectura pide un cambio"
        case .explainedByBackup(let comparisons):
            comparisons.map { $0.spanish(sign: ">") }.joined(separator: " y ")
                + ", y hay una copia de seguridad en curso: su carga no es motivo para un backend más"
        case .missingForStepDown(let metrics):
            "no se reduce sin lectura de " + metrics.map { $0.name(in: .spanish) }.joined(separator: ", ")
        case .allMissing: "no hay ninguna lectura disponible"
        case .saturated(let detail): "la base de datos está llena, un backend más lo empeoraría (\(detail))"
        case .notDecided: "la ejecución terminó antes de decidir"
        }
    }
}

extension Comparison {
    fileprivate func spanish(sign: String) -> String {
        let share = dividedBy.map { " por backend (de \($0))" } ?? ""
        return "\(metric.name(in: .spanish)) \(metric.text(of: value))\(share) \(sign) \(metric.text(of: limit))"
    }
}

extension Limit {
    package var spanish: String {
        switch self {
        case .samples(let have, let need): "ejecución \(have) de las \(need) que deben coincidir"
        case .stateLost: "el archivo de estado era ilegible; sin cambios en esta ejecución"
        case .repaired: "esta ejecución repara la flota"
        case .publishing: "esta ejecución primero pone NGINX al día"
        case .unpublished(let failures, let remaining):
            "NGINX no aceptó \(failures == 1 ? "la última publicación" : "las últimas \(failures) publicaciones"): "
                + "próximo intento en \(remaining.inSeconds), y enseguida si cambian la configuración o el archivo upstream"
        case .notReady: "ningún backend está listo"
        case .draining(let name): "\(name) aún está drenando"
        case .cooldown(.up, let remaining): "espera tras ampliar, faltan \(remaining.inSeconds)"
        case .cooldown(.down, let remaining): "espera tras reducir, faltan \(remaining.inSeconds)"
        case .backOff(let failures, let remaining):
            "arranques fallidos seguidos: \(failures), no se amplía antes de \(remaining.inSeconds) "
                + "(por debajo de MIN_BACKENDS cada ejecución lo intenta de nuevo)"
        case .atMaximum(let maximum): "se alcanzó MAX_BACKENDS (\(maximum))"
        case .atMinimum(let minimum): "se alcanzó MIN_BACKENDS (\(minimum))"
        case .tooFewReady(let minimum): "quedarían listos menos de MIN_BACKENDS (\(minimum))"
        case .noneOfOurs: "todos los backends son adoptados, y los adoptados nunca se detienen"
        }
    }
}

extension MissingReason {
    package var spanish: String {
        switch self {
        case .unavailable(let detail): detail
        case .timedOut(let seconds): "sin respuesta en \(seconds) s"
        case .hiddenSessions(let count, let role):
            "el rol \(role) no puede ver \(count) sesiones; ejecute: GRANT pg_monitor TO \(role)"
        case .notANumber(let found):
            "la consulta debe devolver una fila con un número entero, y devolvió \(found)"
        case .roleFull(let message):
            "el rol que lee no tiene conexiones libres (\(message)): suba su CONNECTION LIMIT o termine sus otras sesiones"
        case .noInterval: "los contadores del núcleo no avanzaron entre dos lecturas"
        }
    }
}

extension ScalingDecision.Verdict {
    /// As it stands in the log.
    package var spanish: String {
        switch self {
        case .hold: "NORMAL"
        case .up: "ESCALANDO ARRIBA"
        case .down: "ESCALANDO ABAJO"
        }
    }
}
