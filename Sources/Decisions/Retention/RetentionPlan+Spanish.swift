extension RetentionPlan.KeepReason {
    package var spanish: String {
        switch self {
        case .last(let number, let all): "\(number) de las \(all) más recientes"
        case .period(let period, let number, let all): "\(period.spanish) \(number)/\(all)"
        case .minimum(let count):
            count == 1
                ? "la verificada más reciente se queda" : "las \(count) verificadas más recientes se quedan"
        case .notVerified: "sin verificar"
        case .inFuture: "su hora está en el futuro: ninguna regla la cuenta"
        case .unproven: "no consta que sea de este servicio: nunca se elimina"
        }
    }
}

extension CalendarPeriod {
    fileprivate var spanish: String {
        switch self {
        case .hour: "por hora"
        case .day: "diaria"
        case .week: "semanal"
        case .month: "mensual"
        }
    }
}
