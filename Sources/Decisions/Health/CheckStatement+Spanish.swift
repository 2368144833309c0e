extension CheckStatement {
    package var spanish: String {
        switch self {
        case .site(let status, let seconds): "HTTP \(status), \(Self.time(seconds))"
        case .otherStatus(let status, let seconds, let expected):
            "HTTP \(status) en \(Self.time(seconds)), se esperaba \(expected.inWords)"
        case .textMissing(let status): "HTTP \(status) sin el texto esperado (HEALTHCHECK_TEXT)"
        case .certificate(let days): days == 1 ? "queda 1 día" : "quedan \(days) días"
        case .certificateExpired: "el certificado ha caducado"
        case .backends(let fleet): fleet.spanish
        case .upstreamServed(let servers): "NGINX sirve los backends que están listos (servidores: \(servers))"
        case .upstreamDiffers(let found): found.spanish
        case .connections(let found):
            "conexiones: \(found.used) de \(found.limit), respondió en \(Self.time(found.seconds))"
        case .databaseFull(let says): "no quedan conexiones libres: \(says)"
        case .replicas(let lags) where lags.isEmpty: "no hay réplicas"
        case .replicas(let lags):
            lags.sorted { $0.key < $1.key }
                .map { "\($0): \($1.map(Self.lag) ?? "este rol no ve su retraso, GRANT pg_monitor")" }
                .joined(separator: ", ")
        case .lastRun(let age, let status, let isOverdue):
            "hace \(Age(age)), código de salida \(status)" + (isOverdue ? ": atrasada, ¿funciona cron?" : "")
        case .neverRan: "no consta ninguna ejecución: ¿está instalada la línea de crontab?"
        case .maximum(let minutes, let maximum): "\(minutes) min en MAX_BACKENDS (\(maximum)) en 24 h"
        case .backup(let name, let age): "\(name), de hace \(Age(age))"
        case .drillFailed(let backup, let drilled, let when, let why):
            "\(backup.spanish); el último simulacro falló (\(drilled), \(when)): \(why)"
        case .noBackup: "aún no hay ninguna copia verificada"
        case .onlyBackupsOfOthers(let others):
            "aún no hay ninguna copia verificada de la base de este servicio; "
                + others.map(\.spanish).joined(separator: "; ")
        case .beside(let future, let statement):
            "\(statement.spanish); en el futuro, así que no cuenta: \(future.joined(separator: ", ")). Mire el reloj: timedatectl"
        case .disks(let disks): disks.map(\.spanish).joined(separator: "; ")
        case .noWorkers: "desde aquí no se ven workers de NGINX"
        case .workers(let current, let old, let isTooMany):
            "\(old) antiguos, \(current) actuales"
                + (isTooMany ? ": los retienen conexiones largas; defina worker_shutdown_timeout" : "")
        case .notAsked(.noURL): "HEALTHCHECK_URL no está definido"
        case .notAsked(.nothingPublished): "no se publica nada en NGINX (PUBLISHER=none)"
        case .notAsked(.noTLS): "el sitio no usa TLS"
        case .notAsked(.fixedFleet(let backends)):
            "MIN_BACKENDS y MAX_BACKENDS son ambos \(backends): flota de tamaño fijo"
        }
    }
}

extension FleetFound {
    fileprivate var spanish: String {
        var words = [ready == 1 ? "1 listo" : "\(ready) listos"]
        if draining > 0 { words.append("drenando: \(draining)") }
        if !others.isEmpty {
            let names = others.sorted { $0.key < $1.key }.map { "\($0) (\($1.spanish))" }
            words.append("no listos: " + names.joined(separator: ", "))
        }
        return words.joined(separator: ", ")
    }
}

extension UpstreamFound {
    fileprivate var spanish: String {
        var words: [String] = []
        if !missing.isEmpty { words.append("listos y no servidos: " + missing.joined(separator: ", ")) }
        if !surplus.isEmpty { words.append("servidos y no listos: " + surplus.joined(separator: ", ")) }
        if isChanging { words.append("una ejecución lo está cambiando") }
        return words.joined(separator: "; ")
    }
}

extension DiskFound {
    fileprivate var spanish: String {
        "\(uses.map(\.spanish).joined(separator: ", ")): \(ByteCount(free)) de \(ByteCount(total)) libres"
    }
}

extension DiskUse {
    fileprivate var spanish: String {
        switch self {
        case .logs: "registros"
        case .backups: "copias"
        case .state: "estado"
        case .docker: "Docker"
        }
    }
}
