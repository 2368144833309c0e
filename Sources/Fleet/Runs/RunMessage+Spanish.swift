import Decisions

extension RunMessage {
    package var spanish: String {
        switch self {
        case .started: "Monitoreo iniciado"
        case .readings(let sample): sample.line(in: .spanish)
        case .readingsBeyondFormat(let sample): sample.lineBeyondFormat(in: .spanish)
        case .state(let verdict): "Estado: \(verdict.spanish)"
        case .reading(let metric, let reason): "\(metric.name(in: .spanish)): \(reason.spanish)"
        case .saturated(let detail): Reason.saturated(detail).spanish
        case .stepped(let reason): "Motivo: \(reason.spanish)"
        case .held(let reason, let limits):
            "Motivo: \(reason.spanish)" + limits.map { "; \($0.spanish)" }.joined()
        case .notice(let notice): notice.spanish
        case .stateSetAside(let path, let why):
            "No se pudo leer el archivo de estado (\(why)); se conserva como \(path). Sin cambios en esta ejecución"
        case .stampsCorrected: "Una hora del archivo de estado está en el futuro; cuenta como ahora"
        case .discovery(let warning): warning.spanish
        case .exposure(let sentence): sentence
        case .backupUnderWay: "Hay una copia de seguridad en curso; la lectura de CPU incluye su carga"
        case .creating(let name): "Creando nuevo backend: \(name)"
        case .created: "Backend creado exitosamente"
        case .startedAgain(let name): "Arrancando de nuevo el backend: \(name)"
        case .lastWords(let name, let words): "\(name): \(words.sentence(in: .spanish))"
        case .notReadyYet(let name, let waited, let health):
            "\(name) no está listo tras \(waited.inSeconds)\(health.words(in: .spanish).map { " (\($0))" } ?? ""); "
                + "la próxima ejecución que lo encuentre listo lo añadirá a NGINX"
        case .takenBack(let name): "Se recupera el backend en drenaje: \(name)"
        case .draining(let name): "Drenando backend: \(name)"
        case .stillDraining(let name, let remaining): "\(name) seguirá drenando \(remaining.inSeconds) más"
        case .stillBusy(let name, let connections):
            if let connections {
                "\(name): terminó el tiempo de drenaje; se espera a que se cierren \(connections.connections)"
            } else {
                "\(name): terminó el tiempo de drenaje; no se pueden contar sus conexiones y se queda hasta agotar DRAIN_TIMEOUT"
            }
        case .stillConnected(let name, let connections):
            if let connections {
                "\(name) ya no recibe peticiones; se espera a que se cierren \(connections.connections)"
            } else {
                "\(name) ya no recibe peticiones; no se pueden contar sus conexiones y se queda hasta agotar DRAIN_TIMEOUT"
            }
        case .connectionsUncounted(let name, let why):
            "No se pudieron contar las conexiones de \(name): \(why.sentence(in: .spanish))"
        case .stopped(let name, let cut):
            switch cut {
            case nil: "Deteniendo backend: \(name) (conexiones desconocidas)"
            case 0: "Deteniendo backend: \(name)"
            case let count?: "Deteniendo backend: \(name) (DRAIN_TIMEOUT agotado, conexiones cortadas: \(count))"
            }
        case .removed(let name): "Backend eliminado: \(name)"
        case .published(let servers): "NGINX lo confirma; servidores en el upstream: \(servers)"
        case .foreignFileKept(let path):
            "El archivo upstream no era de esta herramienta; se guarda una copia en \(path)"
        case .serversLeave(let servers):
            "Estos servidores salen del upstream: " + servers.joined(separator: ", ")
        case .strangersLeft(let servers):
            "NGINX enviaba peticiones a direcciones que ahora son de otros programas; han salido del upstream: "
                + servers.joined(separator: ", ")
        case .rolledBack(let path): "Se restauró el último archivo upstream bueno: \(path)"
        case .upstreamRemoved(let path): "Antes no había archivo upstream, así que se eliminó el nuevo: \(path)"
        case .activeBackends(let count): "Backends activos: \(count)"
        case .alertUntold(let why): why
        case .failed(let failure): failure.sentence(in: .spanish)
        }
    }
}

extension Int {
    fileprivate var connections: String { self == 1 ? "1 conexión" : "\(self) conexiones" }
}
