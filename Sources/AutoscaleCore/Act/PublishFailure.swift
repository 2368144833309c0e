package import Decisions

/// Why NGINX does not serve the set that it should.
package enum PublishFailure: Error, Equatable {
    /// Nothing answers, and there is nothing to reload.
    case notRunning(String)
    case file(FileFailure)
    case testFailed(String)
    case reloadFailed(String)
    /// The reload was accepted, and the running NGINX does not show the new generation.
    case notConfirmed(generation: String, saw: UpstreamStatus.Answer)
    case interrupted
    /// The last good file could not be put back either.
    case notRolledBack(FileFailure, after: String)
}

extension PublishFailure {
    /// Whether the new file was written and the last good one put back in its place.
    package var leavesLastGood: Bool {
        switch self {
        case .testFailed, .reloadFailed, .notConfirmed, .interrupted: true
        case .notRunning, .file, .notRolledBack: false
        }
    }

    package func sentence(in language: Language) -> String {
        switch self {
        case .notRunning(let detail):
            language.choose(
                "nginx is not running, or can't be reloaded (\(detail)). Nothing was changed; start NGINX, then run again",
                "nginx no está en marcha o no se puede recargar (\(detail)). No se cambió nada; arranque NGINX y repita"
            )
        case .file(let failure): failure.sentence(in: language)
        case .testFailed(let detail):
            language.choose(
                "NGINX refuses the new configuration (\(detail))", "NGINX rechaza la nueva configuración (\(detail))")
        case .reloadFailed(let detail):
            language.choose("NGINX could not be reloaded (\(detail))", "No se pudo recargar NGINX (\(detail))")
        case .notConfirmed(let generation, let saw):
            language.choose(
                "NGINX took the reload and does not serve generation \(generation); it shows \(saw.words(in: language)). "
                    + "Look into NGINX's error log: a listen port may be taken. Does its http block include our file? "
                    + "In a container, is the folder mounted, not the single file? Does NGINX_STATUS_URL lead to it?",
                "NGINX aceptó la recarga y no sirve la generación \(generation); muestra \(saw.words(in: language)). "
                    + "Mire el registro de errores de NGINX: un puerto puede estar ocupado. ¿Incluye su bloque http nuestro archivo? "
                    + "En un contenedor, ¿está montada la carpeta y no solo el archivo? ¿Lleva NGINX_STATUS_URL hasta él?"
            )
        case .interrupted:
            language.choose(
                "ended by a signal before NGINX confirmed", "terminado por una señal antes de la confirmación")
        case .notRolledBack(let failure, let cause):
            "\(cause); \(failure.sentence(in: language))"
        }
    }
}

extension UpstreamStatus.Answer {
    func words(in language: Language) -> String {
        switch self {
        case .live(let upstream): language.choose("generation ", "la generación ") + upstream.generation
        case .foreign(let detail):
            language.choose("an answer that is not ours (\(detail))", "una respuesta ajena (\(detail))")
        case .refused: language.choose("nothing: connection refused", "nada: conexión rechazada")
        case .silent(let detail): language.choose("nothing: ", "nada: ") + detail
        }
    }
}

extension FileFailure {
    package func sentence(in language: Language) -> String {
        language.choose(
            "\(path) could not be written or read: \(action): \(errno)",
            "no se pudo escribir o leer \(path): \(action): \(errno)"
        ).escapingControls()
    }
}
