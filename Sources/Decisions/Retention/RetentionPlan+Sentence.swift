extension RetentionPlan.KeepReason {
    /// The spelling for machines.
    package var code: String {
        switch self {
        case .last: "last"
        case .period(let period, _, _): period.rawValue
        case .minimum: "minimum"
        case .notVerified: "not_verified"
        case .clockWentBack: "clock_went_back"
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
        case .clockWentBack:
            language.choose(
                "the clock went back: nothing is removed", "el reloj retrocedió: no se elimina nada")
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
