extension HTTPFailure {
    package var spanish: String {
        switch self {
        case .refused: "conexión rechazada"
        case .timedOut(let seconds): "sin respuesta en \(seconds) s"
        case .stalled(let seconds): "nada se movió en \(seconds) s"
        case .stopped: "detenido"
        case .unreadableFile(let errno): "no se puede leer lo que había que enviar: \(errno)"
        case .notPermitted: "permiso denegado"
        case .noSuchSocket: "no existe el socket"
        case .unreachable(let detail), .untrusted(let detail): detail
        case .cutShort(let detail): "la conexión terminó antes que la respuesta: \(detail)"
        case .tooLarge(let limit): "la respuesta tiene más de \(limit) bytes"
        case .unsupported(let detail): detail
        }
    }
}
