import Decisions
import Host

extension PublishFailure {
    package var english: String {
        switch self {
        case .notRunning(let detail):
            "nginx is not running, or can't be reloaded (\(detail)). Nothing was changed; start NGINX, then run again"
        case .file(let failure): failure.english
        case .foreignContents(let path, let upstream, let found):
            "\(path) holds more than the upstream \(upstream) (found: \(found)), and this tool replaces the whole file. "
                + "Nothing was changed. Move the rest into another file that NGINX includes, or set NGINX_UPSTREAM_FILE "
                + "to a file of its own"
        case .addressTaken(let url, .notPlainHTTP(let detail)):
            "\(url) answers, but not in plain HTTP (\(detail)): NGINX has a listen directive with ssl, http2 or "
                + "proxy_protocol for this address, or another program listens there. Nothing was changed. Set "
                + "NGINX_STATUS_LISTEN to an address that nothing else uses"
        case .addressTaken(let url, let saw):
            "\(url) already answers with something else (it shows \(saw.english)), and the status server of the "
                + "upstream file would take this address away from it. Nothing was changed. Set NGINX_STATUS_LISTEN to "
                + "an address that nothing else uses"
        case .testFailed(let detail):
            "NGINX refuses the new configuration (\(detail))"
        case .reloadFailed(let detail):
            "NGINX could not be reloaded (\(detail))"
        case .notConfirmed(let generation, let saw):
            "NGINX took the reload and does not serve generation \(generation); it shows \(saw.english). "
                + "Look into NGINX's error log: a listen port may be taken. Does its http block include our file? "
                + "In a container, is the folder mounted, not the single file? Does NGINX_STATUS_URL lead to it?"
        case .interrupted:
            "ended by a signal before NGINX confirmed"
        case .notRolledBack(let failure, let cause):
            "\(cause.english); \(failure.english)"
        }
    }
}

extension UpstreamStatus.Answer {
    package var english: String {
        switch self {
        case .live(let upstream): "generation " + upstream.generation
        case .unnamed(let upstream):
            "generation \(upstream.generation) of a file that names no service (an older version's, perhaps another service's)"
        case .otherService(let name):
            "the upstream file of the service \(name), not of this one: this one's is not loaded"
        case .notPlainHTTP(let detail):
            "an answer that is not plain HTTP (\(detail))"
        case .foreign(let detail):
            "an answer that is not ours (\(detail))"
        case .refused: "nothing: connection refused"
        case .dropped:
            "nothing: the connection is closed without an answer"
        case .silent(let detail): "nothing: " + detail
        }
    }
}
