extension CheckName {
    package var english: String {
        switch self {
        case .site: "the site through NGINX (HEALTHCHECK_URL): status, text, time"
        case .certificate: "days left of the site's TLS certificate"
        case .backends: "every backend, asked directly"
        case .upstream: "NGINX serves the backends that are ready"
        case .database: "a real query, and connections against max_connections"
        case .replicas: "replication lag, where there are replicas"
        case .lastRun: "age and exit status of the last monitor run"
        case .maximum: "minutes at MAX_BACKENDS in the last 24 h"
        case .backup: "age of the last verified backup"
        case .disk: "free space where state, logs, backups and Docker lie"
        case .workers: "old NGINX workers that still finish"
        }
    }
}
