/// What `healthcheck` looks at, in the order in which it tells. The raw value is its only spelling.
package enum CheckName: String, Codable, CaseIterable, Sendable {
    case site
    case certificate
    case backends
    case upstream
    case database
    case replicas
    case lastRun = "last_run"
    case maximum
    case backup
    case disk
    case workers

    /// As `--list` explains it.
    package func meaning(in language: Language) -> String {
        switch self {
        case .site:
            language.choose(
                "the site through NGINX (HEALTHCHECK_URL): status, text, time",
                "el sitio a través de NGINX (HEALTHCHECK_URL): estado, texto, tiempo")
        case .certificate:
            language.choose(
                "days left of the site's TLS certificate", "días que le quedan al certificado TLS del sitio")
        case .backends: language.choose("every backend, asked directly", "cada backend, consultado directamente")
        case .upstream:
            language.choose("NGINX serves the backends that are ready", "NGINX sirve los backends que están listos")
        case .database:
            language.choose(
                "a real query, and connections against max_connections",
                "una consulta real, y conexiones frente a max_connections")
        case .replicas:
            language.choose("replication lag, where there are replicas", "retraso de las réplicas, si las hay")
        case .lastRun:
            language.choose(
                "age and exit status of the last monitor run", "edad y salida de la última ejecución de monitor")
        case .maximum:
            language.choose("minutes at MAX_BACKENDS in the last 24 h", "minutos en MAX_BACKENDS en las últimas 24 h")
        case .backup: language.choose("age of the last verified backup", "edad de la última copia verificada")
        case .disk:
            language.choose(
                "free space where state, logs, backups and Docker lie",
                "espacio libre donde están estado, logs, copias y Docker")
        case .workers:
            language.choose("old NGINX workers that still finish", "workers antiguos de NGINX que aún terminan")
        }
    }
}
