import Decisions

extension ConfigurationSection {
    static let life = ConfigurationSection(
        Words("A backend's life", "La vida de un backend"),
        keys: [
            .drainSeconds, .drainTimeout, .stopTimeout, .readyWait, .startupTimeout, .healthPath, .healthHost,
            .healthTimeout, .healthRetries,
        ])
}

extension ConfigurationKey {
    static let drainSeconds = Key(
        "DRAIN_SECONDS", .seconds(0...86400), default: "30",
        "A backend that answers and left NGINX is asked to end after this, by the first run that finds no connection on it; not above `DRAIN_TIMEOUT`. One that is dead or was never ready need not wait that long, and not hold a connection either.",
        "A un backend que responde y salió de NGINX se le pide terminar después de esto, en la primera ejecución que no le encuentra ninguna conexión; no mayor que `DRAIN_TIMEOUT`. Uno muerto, o que nunca estuvo listo, no tiene que esperar tanto ni quedar sin conexiones."
    )
    static let drainTimeout = Key(
        "DRAIN_TIMEOUT", .seconds(0...86400), default: "300",
        "Whatever left NGINX, dead or alive, is asked to end after this, however busy it is: WebSockets live for hours and are cut then. Keep NGINX's `worker_shutdown_timeout` above it.",
        "A todo lo que salió de NGINX, vivo o muerto, se le pide terminar después de esto, por ocupado que esté: los WebSockets duran horas y se cortan entonces. Mantenga `worker_shutdown_timeout` de NGINX por encima."
    )
    static let stopTimeout = Key(
        "STOP_TIMEOUT", .seconds(0...30), default: "10",
        "From SIGTERM to SIGKILL, for whatever leaves.",
        "De SIGTERM a SIGKILL, para todo lo que se va.")
    static let readyWait = Key(
        "READY_WAIT", .seconds(0...30), default: "20",
        "How long a run waits for a backend that it started. One that is not ready then gets requests from the first run that finds it ready.",
        "Cuánto espera una ejecución a un backend que arrancó. El que entonces no está listo recibe peticiones desde la primera ejecución que lo encuentra listo."
    )
    static let startupTimeout = Key(
        "STARTUP_TIMEOUT", .seconds(0...86400), default: "120",
        "A backend that was not ready this long after its start, or after it was started again, leaves, and further steps up wait 1, 2, 4 … 30 minutes (below `MIN_BACKENDS` nothing waits). One that dies within this, 120 s at least, of being ready counts as such a start from the second in a row on.",
        "Un backend que no estuvo listo en este tiempo tras arrancar, o tras arrancar otra vez, se va, y los siguientes pasos hacia arriba esperan 1, 2, 4 … 30 minutos (por debajo de `MIN_BACKENDS` nada espera). El que muere en este tiempo, 120 s al menos, después de estar listo cuenta como tal arranque a partir del segundo seguido."
    )
    static let healthPath = Key(
        "HEALTH_PATH", .urlPath, default: "/health",
        "Asked with GET; 2xx and 3xx mean ready.",
        "Se pide con GET; 2xx y 3xx significan listo.")
    static let healthHost = Key(
        "HEALTH_HOST", .hostHeader, example: "chat.example.com",
        "The `Host` header of that request. Set it for an application that refuses names it does not know (Django's `ALLOWED_HOSTS`, Rails' host authorization: HTTP 400 or 403). Unset: the address that is asked.",
        "La cabecera `Host` de esa petición. Defínala para una aplicación que rechaza nombres que no conoce (`ALLOWED_HOSTS` de Django, la autorización de hosts de Rails: HTTP 400 o 403). Sin definir: la dirección a la que se pide."
    )
    static let healthTimeout = Key(
        "HEALTH_TIMEOUT", .seconds(1...30), default: "5",
        "Of one probe. All backends are probed at once.",
        "De una prueba. Todos los backends se prueban a la vez.")
    static let healthRetries = Key(
        "HEALTH_RETRIES", .integer(1...10), default: "3",
        "Probes in one run, 1 s apart, of a backend that was ready and now answers slowly or wrongly; as many as fit into the 7 s after the first.",
        "Pruebas en una ejecución, cada 1 s, de un backend que estaba listo y ahora responde tarde o mal; tantas como quepan en los 7 s tras la primera."
    )
}

extension Configuration {
    /// How a backend is asked whether it is ready.
    package struct HealthProbe: Sendable {
        package let path: String
        /// The `Host` header; `nil`: the address that is asked.
        package let host: String?
        package let timeout: Duration
        /// Probes in one run, 1 s apart, of a backend that was ready and answers slowly or wrongly.
        package let attempts: Int
    }

    static func probe(_ reader: inout ConfigurationReader) -> HealthProbe {
        HealthProbe(
            path: reader[.healthPath], host: reader[.healthHost], timeout: reader[.healthTimeout],
            attempts: reader[.healthRetries])
    }

    static func repairs(
        _ reader: inout ConfigurationReader, backends: ClosedRange<Int>, sendsRequests: Bool
    ) -> RepairPolicy {
        let (least, most) = (reader[.drainSeconds], reader[.drainTimeout])
        if least > most {
            reader.contradiction(.above(.drainSeconds, least.inSeconds, than: .drainTimeout, most.inSeconds))
        }
        return RepairPolicy(
            backends: backends, startupTimeout: reader[.startupTimeout], drainSeconds: least, drainTimeout: most,
            sendsRequests: sendsRequests)
    }
}
