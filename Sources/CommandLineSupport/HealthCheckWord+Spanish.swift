import Decisions

extension HealthCheckWord {
    package var spanish: String {
        switch self {
        case .checks(let count): count == 1 ? "1 comprobación" : "\(count) comprobaciones"
        case .configurationUnusable(let first, let more):
            "la configuración no se puede usar: \(first)" + (more > 0 ? " (y \(more) más)" : "")
        case .nobodyToTell:
            "ALERT_URL no está definido, así que no hay a quién enviar un aviso de prueba. Vea docs/alerts.md."
        }
    }
}
