extension CheckName {
    package var spanish: String {
        switch self {
        case .site: "el sitio a través de NGINX (HEALTHCHECK_URL): estado, texto, tiempo"
        case .certificate: "días que le quedan al certificado TLS del sitio"
        case .backends: "cada backend, consultado directamente"
        case .upstream: "NGINX sirve los backends que están listos"
        case .database: "una consulta real, y conexiones frente a max_connections"
        case .replicas: "retraso de las réplicas, si las hay"
        case .lastRun: "edad y código de salida de la última ejecución de monitor"
        case .maximum: "minutos en MAX_BACKENDS en las últimas 24 h"
        case .backup: "edad de la última copia verificada"
        case .disk: "espacio libre donde están estado, registros, copias y Docker"
        case .workers: "workers antiguos de NGINX que aún terminan"
        }
    }
}
