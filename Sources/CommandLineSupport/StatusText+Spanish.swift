import Decisions

extension StatusText {
    var spanish: String {
        switch self {
        case .title: "=== Estado del Autoescalado ==="
        case .activeBackends(let count): "Backends activos: \(count.map(String.init) ?? "n/a")"
        case .lastUpdated(let time): "Última actualización: \(time ?? "nunca")"
        case .lastRun(let time): "Última ejecución: \(time)"
        case .problem(let sentence): "Problema: \(sentence)"
        case .nothingPublished: "No se publica nada en NGINX (PUBLISHER=none)"
        case .nginxShows(let words): "NGINX muestra \(words)"
        case .warning(let sentence): "Aviso: \(sentence)"
        case .unjudged: "no está en METRICS, así que no se juzga"
        case .limits(let band): "límites \(band)"
        case .limitsPerBackend(let band): "límites \(band) por backend"
        case .share(let value, let backends, let judged, let band):
            "\(value) en total en \(backends == 1 ? "1 backend" : "\(backends) backends") = \(judged) por backend, límites \(band)"
        case .inNGINX: "en NGINX"
        case .adopted: "adoptado"
        case .decision(let verdict, let reason):
            switch verdict {
            case nil: "Decisión: ninguna (\(reason))"
            case .hold: "Decisión: NORMAL (\(reason))"
            case .up: "Decisión: AMPLIAR (\(reason))"
            case .down: "Decisión: REDUCIR (\(reason))"
            }
        case .atMinimum(let limit): "En el mínimo: \(limit)"
        case .heldBack(let limit): "Impedido: \(limit)"
        case .exitStatus(let code): "Código de salida: \(code)"
        case .never: "Todavía no hubo ninguna ejecución."
        case .plan: "Plan:"
        case .publishes: "escribir, probar y recargar NGINX"
        case .publishesWhenReady: "cuando esté listo: escribir, probar y recargar NGINX"
        case .nothingToDo: "nada que hacer"
        case .nginxTrouble(let words):
            "NGINX muestra \(words).\nEs así antes de la primera ejecución; si no, mire si NGINX está en marcha. Una "
                + "ejecución real\nprimero lo recarga, y termina ahí si eso falla."
        case .upstreamFile: "Archivo upstream:"
        }
    }
}
