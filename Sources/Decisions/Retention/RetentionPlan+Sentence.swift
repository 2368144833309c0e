extension RetentionPlan.KeepReason {
    /// The spelling for machines.
    package var code: String {
        switch self {
        case .last: "last"
        case .period(let period, _, _): period.rawValue
        case .minimum: "minimum"
        case .notVerified: "not_verified"
        case .inFuture: "in_future"
        case .unproven: "unproven"
        }
    }

    package func sentence(in language: Language) -> String {
        switch self {
        case .last(let number, let all):
            language.choose("newest \(number) of \(all)", "\(number) de las \(all) más recientes")
        case .period(let period, let number, let all):
            "\(period.word(in: language)) \(number)/\(all)"
        case .minimum(let count):
            language.choose(
                "the newest \(count) verified ones stay", "las \(count) verificadas más recientes se quedan")
        case .notVerified: language.choose("not verified", "sin verificar")
        case .inFuture:
            language.choose(
                "its time is in the future: it counts for nothing", "su hora está en el futuro: no cuenta")
        case .unproven:
            language.choose(
                "not proven to be this service's: never removed",
                "no consta que sea de este servicio: nunca se elimina")
        }
    }
}

extension CalendarPeriod {
    package func word(in language: Language) -> String {
        switch self {
        case .hour: language.choose("hourly", "por hora")
        case .day: language.choose("daily", "diaria")
        case .week: language.choose("weekly", "semanal")
        case .month: language.choose("monthly", "mensual")
        }
    }
}
