package import Decisions
package import Host
package import Reporting

/// Why NGINX does not serve the set that it should.
package enum PublishFailure: Error, Equatable {
    /// Nothing answers, and there is nothing to reload.
    case notRunning(String)
    case file(FileFailure)
    /// The upstream file holds what is somebody else's: `found` is the first such thing.
    case foreignContents(path: String, upstream: String, found: String)
    /// Something else answers where the status server is to listen, and our file would take the address away from it.
    case addressTaken(url: String, saw: UpstreamStatus.Answer)
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
        case .notRunning, .file, .foreignContents, .addressTaken, .notRolledBack: false
        }
    }

    /// Whether NGINX was reloaded for it and reloaded back: what must not be repeated every minute. A test that fails costs
    /// nothing but itself, and once the configuration is mended the next run should find it so.
    package var hasCostReloads: Bool {
        switch self {
        case .reloadFailed, .notConfirmed: true
        case .notRunning, .file, .foreignContents, .addressTaken, .testFailed, .interrupted, .notRolledBack: false
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
        case .foreignContents(let path, let upstream, let found):
            language.choose(
                "\(path) holds more than the upstream \(upstream) (found: \(found)), and this tool replaces the whole file. "
                    + "Nothing was changed. Move the rest into another file that NGINX includes, or set NGINX_UPSTREAM_FILE "
                    + "to a file of its own",
                "\(path) contiene algo más que el upstream \(upstream) (se encontró: \(found)), y esta herramienta reemplaza el "
                    + "archivo entero. No se cambió nada. Ponga el resto en otro archivo que NGINX incluya, o ponga en "
                    + "NGINX_UPSTREAM_FILE un archivo propio")
        case .addressTaken(let url, .notPlainHTTP(let detail)):
            language.choose(
                "\(url) answers, but not in plain HTTP (\(detail)): NGINX has a listen directive with ssl, http2 or "
                    + "proxy_protocol for this address, or another program listens there. Nothing was changed. Set "
                    + "NGINX_STATUS_LISTEN to an address that nothing else uses",
                "\(url) responde, pero no en HTTP simple (\(detail)): NGINX tiene para esta dirección una directiva listen con "
                    + "ssl, http2 o proxy_protocol, o allí escucha otro programa. No se cambió nada. Ponga en "
                    + "NGINX_STATUS_LISTEN una dirección que nadie más use")
        case .addressTaken(let url, let saw):
            language.choose(
                "\(url) already answers with something else (it shows \(saw.words(in: language))), and the status server of the "
                    + "upstream file would take this address away from it. Nothing was changed. Set NGINX_STATUS_LISTEN to "
                    + "an address that nothing else uses",
                "en \(url) ya responde otra cosa (muestra \(saw.words(in: language))), y el servidor de estado del archivo upstream "
                    + "le quitaría esta dirección. No se cambió nada. Ponga en NGINX_STATUS_LISTEN una dirección que nadie "
                    + "más use")
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
    package func words(in language: Language) -> String {
        switch self {
        case .live(let upstream): language.choose("generation ", "la generación ") + upstream.generation
        case .unnamed(let upstream):
            language.choose(
                "generation \(upstream.generation) of a file that names no service (an older version's, perhaps another service's)",
                "la generación \(upstream.generation) de un archivo que no nombra su servicio (de una versión anterior, quizá de otro)"
            )
        case .otherService(let name):
            language.choose(
                "the upstream file of the service \(name), not of this one: this one's is not loaded",
                "el archivo upstream del servicio \(name), no el de este: el de este no está cargado")
        case .notPlainHTTP(let detail):
            language.choose(
                "an answer that is not plain HTTP (\(detail))", "una respuesta que no es HTTP simple (\(detail))")
        case .foreign(let detail):
            language.choose("an answer that is not ours (\(detail))", "una respuesta ajena (\(detail))")
        case .refused: language.choose("nothing: connection refused", "nada: conexión rechazada")
        case .dropped:
            language.choose(
                "nothing: the connection is closed without an answer", "nada: la conexión se cierra sin respuesta")
        case .silent(let detail): language.choose("nothing: ", "nada: ") + detail
        }
    }
}

extension ExitStatus {
    package init(_ failure: PublishFailure) {
        self =
            switch failure {
            case .notRunning: .unavailable
            case .file(let failure): ExitStatus(failure)
            case .foreignContents, .addressTaken: .badConfiguration
            case .interrupted: .terminated
            case .testFailed, .reloadFailed, .notConfirmed, .notRolledBack: .failed
            }
    }
}
