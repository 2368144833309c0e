package import Decisions

extension RunMessage {
    package func sentence(in language: Language) -> String {
        switch self {
        case .started: language.choose("Monitoring started", "Monitoreo iniciado")
        case .readings(let sample):
            Metric.inFormat.map { "\($0.name(in: language)): \(sample[$0].text(of: $0))" }.joined(separator: ", ")
        case .readingsBeyondFormat(let sample):
            Metric.beyondFormat.filter { sample[$0] != .unused }
                .map { "\($0.name(in: language)): \(sample[$0].text(of: $0))" }.joined(separator: ", ")
        case .state(let verdict): language.choose("State: ", "Estado: ") + verdict.word(in: language)
        case .reading(let metric, let reason):
            "\(metric.name(in: language)): \(reason.sentence(in: language))"
        case .saturated(let detail): Reason.saturated(detail).sentence(in: language)
        case .stepped(let reason): language.choose("Reason: ", "Motivo: ") + reason.sentence(in: language)
        case .held(let reason, let limits):
            language.choose("Reason: ", "Motivo: ") + reason.sentence(in: language)
                + limits.map { "; " + $0.sentence(in: language) }.joined()
        case .notice(let notice): notice.sentence(in: language)
        case .stateSetAside(let path, let why):
            language.choose(
                "The state file could not be read (\(why)); it is kept as \(path). No step in this run",
                "No se pudo leer el archivo de estado (\(why)); se conserva como \(path). Sin cambios en esta ejecución"
            )
        case .stampsCorrected:
            language.choose(
                "A time in the state file lies in the future; it counts as now",
                "Una hora del archivo de estado está en el futuro; cuenta como ahora")
        case .discovery(let sentence), .exposure(let sentence): sentence
        case .backupUnderWay:
            language.choose(
                "A backup is under way: the CPU reading holds its share",
                "Hay una copia de seguridad en curso: la lectura de CPU la incluye")
        case .creating(let name): language.choose("Creating new backend: \(name)", "Creando nuevo backend: \(name)")
        case .created: language.choose("Backend created successfully", "Backend creado exitosamente")
        case .startedAgain(let name):
            language.choose("Starting backend again: \(name)", "Arrancando de nuevo el backend: \(name)")
        case .lastWords(let name, let words): "\(name): \(words.sentence(in: language))"
        case .notReadyYet(let name, let waited, let health):
            language.choose(
                "\(name) is not ready after \(waited.inSeconds)\(health.words(in: language).map { " (\($0))" } ?? ""); it gets requests from the first run that finds it ready",
                "\(name) no está listo tras \(waited.inSeconds)\(health.words(in: language).map { " (\($0))" } ?? ""); recibirá peticiones en cuanto una ejecución lo encuentre listo"
            )
        case .startFailed(let name, let why):
            language.choose("\(name) could not be started: \(why)", "No se pudo arrancar \(name): \(why)")
        case .takenBack(let name):
            language.choose("Draining backend taken back: \(name)", "Se recupera el backend en drenaje: \(name)")
        case .draining(let name):
            language.choose("Draining backend: \(name)", "Drenando backend: \(name)")
        case .stillDraining(let name, let remaining):
            language.choose(
                "\(name) drains for \(remaining.inSeconds) more", "\(name) drena \(remaining.inSeconds) más")
        case .stillBusy(let name, let connections):
            language.choose(
                "\(name) is drained and still has connections: \(connections.map(String.init) ?? "unknown")",
                "\(name) está drenado y aún tiene conexiones: \(connections.map(String.init) ?? "desconocidas")"
            )
        case .connectionsUncounted(let name, let why):
            language.choose(
                "The connections of \(name) could not be counted: \(why)",
                "No se pudieron contar las conexiones de \(name): \(why)")
        case .stopped(let name, let cut):
            language.choose("Stopping backend: \(name)", "Deteniendo backend: \(name)")
                + (cut.map { count in
                    count == 0
                        ? ""
                        : language.choose(
                            " (DRAIN_TIMEOUT is over, connections cut: \(count))",
                            " (DRAIN_TIMEOUT agotado, conexiones cortadas: \(count))")
                } ?? language.choose(" (connections unknown)", " (conexiones desconocidas)"))
        case .removed(let name):
            language.choose("Backend removed: \(name)", "Backend eliminado: \(name)")
        case .effectFailed(let action, let why): "\(action): \(why)"
        case .published(let servers):
            language.choose(
                "NGINX confirms; servers in the upstream: \(servers)",
                "NGINX lo confirma; servidores en el upstream: \(servers)")
        case .foreignFileKept(let path):
            language.choose(
                "The upstream file was not written by this tool; a copy is kept in \(path)",
                "El archivo upstream no era de esta herramienta; se guarda una copia en \(path)")
        case .serversLeave(let servers):
            language.choose("These servers leave the upstream: ", "Estos servidores salen del upstream: ")
                + servers.joined(separator: ", ")
        case .strangersLeft(let servers):
            language.choose(
                "NGINX sent requests to addresses that something else has by now; they have left the upstream: ",
                "NGINX enviaba peticiones a direcciones que ahora tiene otro; han salido del upstream: ")
                + servers.joined(separator: ", ")
        case .publishFailed(let why), .alertUntold(let why): why
        case .rolledBack(let path):
            language.choose(
                "The last good upstream file is back: \(path)", "Se restauró el último upstream bueno: \(path)")
        case .upstreamRemoved(let path):
            language.choose(
                "There was no upstream file before, so the new one is removed: \(path)",
                "No había archivo upstream antes, así que se eliminó el nuevo: \(path)")
        case .activeBackends(let count): language.choose("Active backends: \(count)", "Backends activos: \(count)")
        case .busy(let path):
            language.choose(
                "Another run is under way (it holds \(path)); nothing was done",
                "Otra ejecución está en curso (tiene \(path)); no se hizo nada")
        case .interrupted:
            language.choose(
                "Ended by a signal; the next run goes on", "Terminado por una señal; la próxima ejecución continúa")
        case .failed(let sentence): sentence
        }
    }
}

extension ScalingDecision.Verdict {
    /// As it stands in the log.
    package func word(in language: Language) -> String {
        switch self {
        case .hold: "NORMAL"
        case .up: language.choose("SCALING UP", "ESCALANDO ARRIBA")
        case .down: language.choose("SCALING DOWN", "ESCALANDO ABAJO")
        }
    }
}
