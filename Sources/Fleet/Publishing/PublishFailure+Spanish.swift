import Decisions
import Host

extension PublishFailure {
    package var spanish: String {
        switch self {
        case .notRunning(let detail):
            "nginx no está en marcha o no se puede recargar (\(detail)). No se cambió nada; arranque NGINX y repita"
        case .file(let failure): failure.spanish
        case .foreignContents(let path, let upstream, let found):
            "\(path) contiene algo más que el upstream \(upstream) (se encontró: \(found)), y esta herramienta reemplaza el "
                + "archivo entero. No se cambió nada. Ponga el resto en otro archivo que NGINX incluya, o ponga en "
                + "NGINX_UPSTREAM_FILE un archivo propio"
        case .addressTaken(let url, .notPlainHTTP(let detail)):
            "\(url) responde, pero no en HTTP simple (\(detail)): NGINX tiene para esta dirección una directiva listen con "
                + "ssl, http2 o proxy_protocol, o allí escucha otro programa. No se cambió nada. Ponga en "
                + "NGINX_STATUS_LISTEN una dirección que nadie más use"
        case .addressTaken(let url, let saw):
            "en \(url) ya responde otra cosa (muestra \(saw.spanish)), y el servidor de estado del archivo upstream "
                + "le quitaría esta dirección. No se cambió nada. Ponga en NGINX_STATUS_LISTEN una dirección que nadie "
                + "más use"
        case .testFailed(let detail):
            "NGINX rechaza la nueva configuración (\(detail))"
        case .reloadFailed(let detail):
            "No se pudo recargar NGINX (\(detail))"
        case .notConfirmed(let generation, let saw):
            "NGINX aceptó la recarga y no sirve la generación \(generation); muestra \(saw.spanish). "
                + "Mire el registro de errores de NGINX: un puerto puede estar ocupado. ¿Incluye su bloque http nuestro archivo? "
                + "En un contenedor, ¿está montada la carpeta y no solo el archivo? ¿Lleva NGINX_STATUS_URL hasta él?"
        case .interrupted:
            "terminado por una señal antes de la confirmación"
        case .notRolledBack(let failure, let cause):
            "\(cause.spanish); \(failure.spanish)"
        }
    }
}

extension UpstreamStatus.Answer {
    package var spanish: String {
        switch self {
        case .live(let upstream): "la generación " + upstream.generation
        case .unnamed(let upstream):
            "la generación \(upstream.generation) de un archivo que no nombra su servicio (de una versión anterior, quizá de otro)"
        case .otherService(let name):
            "el archivo upstream del servicio \(name), no el de este: el de este no está cargado"
        case .notPlainHTTP(let detail):
            "una respuesta que no es HTTP simple (\(detail))"
        case .foreign(let detail):
            "una respuesta ajena (\(detail))"
        case .refused: "nada: conexión rechazada"
        case .dropped:
            "nada: la conexión se cierra sin respuesta"
        case .silent(let detail): "nada: " + detail
        }
    }
}
