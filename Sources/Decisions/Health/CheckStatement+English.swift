extension CheckStatement {
    package var english: String {
        switch self {
        case .site(let status, let seconds): "HTTP \(status), \(Self.time(seconds))"
        case .otherStatus(let status, let seconds, let expected):
            "HTTP \(status) in \(Self.time(seconds)), expected \(expected.inWords)"
        case .textMissing(let status): "HTTP \(status) without the expected text (HEALTHCHECK_TEXT)"
        case .certificate(let days): days == 1 ? "1 day left" : "\(days) days left"
        case .certificateExpired: "the certificate has expired"
        case .backends(let fleet): fleet.english
        case .upstreamServed(let servers): "NGINX serves the backends that are ready (servers: \(servers))"
        case .upstreamDiffers(let found): found.english
        case .connections(let found):
            "connections: \(found.used) of \(found.limit), answered in \(Self.time(found.seconds))"
        case .databaseFull(let says): "no free connections: \(says)"
        case .replicas(let lags) where lags.isEmpty: "no replicas"
        case .replicas(let lags):
            lags.sorted { $0.key < $1.key }
                .map { "\($0): \($1.map(Self.lag) ?? "its lag is not visible to this role, GRANT pg_monitor")" }
                .joined(separator: ", ")
        case .lastRun(let age, let status, let isOverdue):
            "\(Age(age)) ago, exit status \(status)" + (isOverdue ? ": overdue, does cron run?" : "")
        case .neverRan: "no run was ever recorded: is the crontab line installed?"
        case .maximum(let minutes, let maximum): "\(minutes) min at MAX_BACKENDS (\(maximum)) in 24 h"
        case .backup(let name, let age): "\(name), \(Age(age)) old"
        case .drillFailed(let backup, let drilled, let when, let why):
            "\(backup.english); the last drill failed (\(drilled), \(when)): \(why)"
        case .noBackup: "there is no verified backup yet"
        case .onlyBackupsOfOthers(let others):
            "there is no verified backup of this service's database yet; "
                + others.map(\.english).joined(separator: "; ")
        case .beside(let future, let statement):
            "\(statement.english); in the future, so not counted: \(future.joined(separator: ", ")). Look at the clock: timedatectl"
        case .disks(let disks): disks.map(\.english).joined(separator: "; ")
        case .noWorkers: "no NGINX workers are visible from here"
        case .workers(let current, let old, let isTooMany):
            "\(old) old, \(current) current"
                + (isTooMany ? ": long connections keep them; set worker_shutdown_timeout" : "")
        case .notAsked(.noURL): "HEALTHCHECK_URL is not set"
        case .notAsked(.nothingPublished): "nothing is published to NGINX (PUBLISHER=none)"
        case .notAsked(.noTLS): "the site has no TLS"
        case .notAsked(.fixedFleet(let backends)):
            "MIN_BACKENDS and MAX_BACKENDS are both \(backends): a fleet of fixed size"
        }
    }
}

extension FleetFound {
    fileprivate var english: String {
        var words = ["\(ready) ready"]
        if draining > 0 { words.append("draining: \(draining)") }
        if !others.isEmpty {
            let names = others.sorted { $0.key < $1.key }.map { "\($0) (\($1.english))" }
            words.append("not ready: " + names.joined(separator: ", "))
        }
        return words.joined(separator: ", ")
    }
}

extension UpstreamFound {
    fileprivate var english: String {
        var words: [String] = []
        if !missing.isEmpty { words.append("ready and not served: " + missing.joined(separator: ", ")) }
        if !surplus.isEmpty { words.append("served and not ready: " + surplus.joined(separator: ", ")) }
        if isChanging { words.append("a run is changing it") }
        return words.joined(separator: "; ")
    }
}

extension DiskFound {
    fileprivate var english: String {
        "\(uses.map(\.english).joined(separator: ", ")): \(ByteCount(free)) of \(ByteCount(total)) free"
    }
}

extension DiskUse {
    fileprivate var english: String {
        switch self {
        case .logs: "logs"
        case .backups: "backups"
        case .state: "state"
        case .docker: "Docker"
        }
    }
}
