extension Notice {
    package var spanish: String {
        switch self {
        case .sharedFailure(let count):
            "Los \(count) backends dejaron de estar listos sin detenerse: la causa es común (¿la base de datos?), no se elimina ninguno"
        case .noneReady: "Ningún backend está listo: NGINX conserva el último conjunto publicado"
        case .lost(let name, .running): "Backend perdido: \(name) (no responde)"
        case .lost(let name, let activity): "Backend perdido: \(name) (\(activity.spanish))"
        case .vanished(let name): "Backend perdido: \(name) (ya no existe)"
        case .neverReady(let name, let limit, let adopted, let health):
            "\(name) no estuvo listo en \(limit.inSeconds) desde su arranque"
                + (adopted ? ": es adoptado, se deja como está y no cuenta" : ": eliminado")
                + (health?.words(in: .spanish).map { " (su ruta de salud: \($0))" } ?? "")
        case .drainCancelled(let name):
            "\(name) vuelve al upstream: sin él quedarían listos menos de MIN_BACKENDS"
        }
    }
}

extension Health {
    package var spanish: String {
        switch self {
        case .ready: "listo"
        case .refused: "nada escucha en su puerto"
        case .unhealthy(let words): words
        case .impostor(let who): who.spanish
        case .unprobed: "sin consultar"
        }
    }
}

extension Backend.Activity {
    package var spanish: String {
        switch self {
        case .created: "creado"
        case .running: "en marcha"
        case .restarting: "reiniciando"
        case .exited: "terminado"
        case .frozen: "congelado"
        }
    }
}

extension Standing {
    package var spanish: String {
        switch self {
        case .leftover: "sobrante"
        case .starting: "arrancando"
        case .failed: "fallido"
        case .ready: "listo"
        case .unhealthy: "no responde bien"
        case .dead: "caído"
        case .exited: "terminado"
        case .draining: "drenando"
        case .frozen: "congelado"
        }
    }
}
