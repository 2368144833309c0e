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

    package func sentence(in language: Language) -> String {
        switch self {
        case .above(let comparisons):
            comparisons.map { $0.text(sign: ">", in: language) }.joined(separator: language.choose(" and ", " y "))
        case .below(let comparisons):
            comparisons.map { $0.text(sign: "<", in: language) }.joined(separator: language.choose(" and ", " y "))
        case .overMaximum(let count, let maximum):
            language.choose(
                "\(count) backends, and MAX_BACKENDS is \(maximum)", "\(count) backends, y MAX_BACKENDS es \(maximum)")
        case .withinLimits:
            language.choose("all readings call for no change", "ninguna lectura pide un cambio")
        case .explainedByBackup(let comparisons):
            comparisons.map { $0.text(sign: ">", in: language) }.joined(separator: language.choose(" and ", " y "))
                + language.choose(
                    ", and a backup is under way: that is no reason for one more backend",
                    ", y hay una copia de seguridad en curso: no es motivo para un backend más")
        case .missingForStepDown(let metrics):
            language.choose("no step down without a reading of ", "no se reduce sin lectura de ")
                + metrics.map { $0.name(in: language) }.joined(separator: ", ")
        case .allMissing:
            language.choose("no reading at all", "ninguna lectura disponible")
        case .saturated(let detail):
            language.choose(
                "the database is full, one more backend would make it worse (\(detail))",
                "la base de datos está llena, un backend más lo empeoraría (\(detail))")
        case .notDecided(let detail): detail
        }
    }
}

extension Comparison {
    fileprivate func text(sign: String, in language: Language) -> String {
        let share = dividedBy.map { language.choose(" per backend (of \($0))", " por backend (de \($0))") } ?? ""
        return "\(metric.name(in: language)) \(metric.text(of: value))\(share) \(sign) \(metric.text(of: limit))"
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

    package func sentence(in language: Language) -> String {
        switch self {
        case .samples(let have, let need):
            language.choose("run \(have) of the \(need) that must agree", "ejecución \(have) de las \(need) necesarias")
        case .stateLost:
            language.choose(
                "the state file was unreadable, so no step in this run",
                "el archivo de estado era ilegible; sin cambios en esta ejecución")
        case .repaired:
            language.choose("this run repairs the fleet", "esta ejecución repara la flota")
        case .publishing:
            language.choose(
                "this run brings NGINX up to date first", "esta ejecución primero pone NGINX al día")
        case .unpublished(let failures, let remaining):
            language.choose(
                "NGINX did not take the last \(failures.publications(in: language)): next try in \(remaining.inSeconds), and at "
                    + "once when the configuration or the upstream file is changed",
                "NGINX no aceptó \(failures.publications(in: language)): próximo intento en \(remaining.inSeconds), y "
                    + "enseguida si cambian la configuración o el archivo upstream")
        case .notReady:
            language.choose("no backend is ready", "ningún backend está listo")
        case .draining(let name):
            language.choose("\(name) is still draining", "\(name) aún está terminando sus peticiones")
        case .cooldown(let direction, let remaining):
            language.choose(
                "cooldown after the step \(direction.rawValue), \(remaining.inSeconds) left",
                "espera tras \(direction == .up ? "ampliar" : "reducir"), faltan \(remaining.inSeconds)")
        case .backOff(let failures, let remaining):
            language.choose(
                "failed starts in a row: \(failures), next step up in \(remaining.inSeconds) at the earliest "
                    + "(below MIN_BACKENDS every run tries again)",
                "arranques fallidos seguidos: \(failures), no se amplía antes de \(remaining.inSeconds) "
                    + "(por debajo de MIN_BACKENDS cada ejecución lo intenta de nuevo)")
        case .atMaximum(let maximum):
            language.choose("MAX_BACKENDS (\(maximum)) reached", "MAX_BACKENDS (\(maximum)) alcanzado")
        case .atMinimum(let minimum):
            language.choose("MIN_BACKENDS (\(minimum)) reached", "MIN_BACKENDS (\(minimum)) alcanzado")
        case .tooFewReady(let minimum):
            language.choose(
                "fewer than MIN_BACKENDS (\(minimum)) would be ready",
                "quedarían listos menos de MIN_BACKENDS (\(minimum))")
        case .noneOfOurs:
            language.choose(
                "every backend is adopted, and those are never stopped",
                "todos los backends son adoptados, y esos nunca se detienen")
        }
    }
}

extension Int {
    fileprivate func publications(in language: Language) -> String {
        self == 1
            ? language.choose("publication", "la última publicación")
            : language.choose("\(self) publications", "las últimas \(self) publicaciones")
    }
}
