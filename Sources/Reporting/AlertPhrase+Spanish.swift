import Decisions
import Settings

extension AlertPhrase {
    var spanish: String {
        switch self {
        case .severity(.critical): "CRÍTICO"
        case .severity(.warning): "AVISO"
        case .lasts(let severity, let age): "SIGUE \(AlertPhrase.severity(severity).spanish) (\(age))"
        case .resolved: "RESUELTO"
        case .ago(let age): "hace \(age)"
        case .lasted(let age): "duró \(age)"
        case .test: "Esto es una prueba de los avisos: todo va bien"
        case .undelivered(let receiver, let why): "Un aviso no llegó a \(receiver): \(why)"
        case .busy(let path): "Avisos: otra orden los está enviando (tiene \(path)); lo hará la próxima ejecución"
        case .badConfiguration(let command): "La configuración no se puede usar y \(command.rawValue) no hace nada"
        }
    }
}

extension ForeignFolder {
    package var spanish: String {
        "la carpeta \(folder) de STATE_FILE pertenece al servicio \(service) (\(file) es suyo); dé a cada servicio una carpeta propia. ¿Cambió de nombre? Vea \"Renaming a service\" en docs/operations.md"
    }
}

extension MessageLevel {
    /// What stands before the sentence.
    package var spanish: String {
        switch self {
        case .plain: ""
        case .warning: "Aviso: "
        case .error: "Error: "
        }
    }
}
