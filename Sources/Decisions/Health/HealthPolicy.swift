/// From when on a finding is a warning, or critical.
package struct HealthPolicy: Equatable, Sendable {
    /// What the site may answer.
    package let statuses: ClosedRange<Int>
    package let certificateDays: Int
    package let backends: ClosedRange<Int>
    /// Seconds after which the last run is overdue.
    package let runAge: Int
    package let backupAge: Int
    package let replicaLag: Int
    package let minutesAtMaximum: Int
    package let diskFloor: FreeSpaceFloor

    package init(
        statuses: ClosedRange<Int>, certificateDays: Int, backends: ClosedRange<Int>, runAge: Int, backupAge: Int,
        replicaLag: Int, minutesAtMaximum: Int, diskFloor: FreeSpaceFloor
    ) {
        self.statuses = statuses
        self.certificateDays = certificateDays
        self.backends = backends
        self.runAge = runAge
        self.backupAge = backupAge
        self.replicaLag = replicaLag
        self.minutesAtMaximum = minutesAtMaximum
        self.diskFloor = diskFloor
    }

    /// Percent of `max_connections`.
    static let connectionsWarning = 80
    static let connectionsCritical = 95
    /// Old workers for each current one: after a reload or two some are normal.
    static let oldWorkersEach = 2
}

/// What a finding means.
package struct CheckVerdict: Equatable, Sendable {
    package let level: CheckLevel
    package let text: String
    package let performance: [PerformanceValue]

    package init(_ level: CheckLevel, _ text: String, _ performance: [PerformanceValue] = []) {
        self.level = level
        self.text = text
        self.performance = performance
    }
}

extension HealthPolicy {
    package func judge(_ finding: CheckFinding, in language: Language) -> CheckVerdict {
        switch finding {
        case .site(let answer): site(answer, language)
        case .certificate(let seconds): certificate(seconds, language)
        case .backends(let fleet): fleetVerdict(fleet, language)
        case .upstream(let upstream): upstreamVerdict(upstream, language)
        case .database(let found): connections(found, language)
        case .databaseFull(let words):
            CheckVerdict(
                .critical, language.choose("full, it lets nobody in: ", "llena, no deja entrar a nadie: ") + words)
        case .replicas(let lags): replicas(lags, language)
        case .lastRun(let age, let status): lastRun(age, status, language)
        case .neverRan:
            CheckVerdict(
                .critical,
                language.choose(
                    "no run was ever recorded: is the crontab line installed?",
                    "no consta ninguna ejecución: ¿está instalada la línea de crontab?"))
        case .maximum(let minutes, let maximum): atMaximum(minutes, maximum, language)
        case .backup(let name, let age): backup(name, age, language)
        case .drillFailed(let name, let age, let drilled, let when, let why):
            drillFailed(backup(name, age, language), drilled, when, why, language)
        case .noBackup:
            CheckVerdict(
                .warning, language.choose("there is no verified backup yet", "aún no hay ninguna copia verificada"))
        case .onlyBackupsOfOthers(let sentences):
            CheckVerdict(
                .warning,
                language.choose(
                    "there is no verified backup of this service's database yet; ",
                    "aún no hay ninguna copia verificada de la base de este servicio; ")
                    + sentences.joined(separator: "; "))
        case .beside(let future, let finding): beside(future, judge(finding, in: language), language)
        case .disk(let disks): disk(disks, language)
        case .workers(let current, let old): workers(current, old, language)
        case .notAsked(let words): CheckVerdict(.ok, words)
        case .failed(let words): CheckVerdict(.critical, words)
        case .unknown(let words): CheckVerdict(.unknown, words)
        }
    }

    private func site(_ answer: SiteAnswer, _ language: Language) -> CheckVerdict {
        let time = Self.milliseconds(answer.seconds)
        let performance = [PerformanceValue("site_time", answer.seconds, .seconds)]
        guard statuses.contains(answer.status) else {
            let expected =
                statuses.count == 1 ? "\(statuses.lowerBound)" : "\(statuses.lowerBound)-\(statuses.upperBound)"
            return CheckVerdict(
                .critical,
                language.choose(
                    "HTTP \(answer.status) in \(time), expected \(expected)",
                    "HTTP \(answer.status) en \(time), se esperaba \(expected)"), performance)
        }
        if answer.holdsText == false {
            return CheckVerdict(
                .critical,
                language.choose(
                    "HTTP \(answer.status) without the expected text (HEALTHCHECK_TEXT)",
                    "HTTP \(answer.status) sin el texto esperado (HEALTHCHECK_TEXT)"), performance)
        }
        return CheckVerdict(.ok, "HTTP \(answer.status), \(time)", performance)
    }

    /// Critical in the last fifth: three of fifteen days.
    private func certificate(_ seconds: Int, _ language: Language) -> CheckVerdict {
        let days = seconds / 86_400
        let critical = certificateDays / 5
        let level: CheckLevel =
            seconds <= 0 || days < critical ? .critical : days < certificateDays ? .warning : .ok
        let performance = [
            PerformanceValue(
                "certificate_days", Double(days), warning: Double(certificateDays), critical: Double(critical),
                isLowerLimit: true, minimum: nil)
        ]
        let text =
            seconds <= 0
            ? language.choose("the certificate has ended", "el certificado ha caducado")
            : language.choose("\(days) days left", "quedan \(days) días")
        return CheckVerdict(level, text, performance)
    }

    private func fleetVerdict(_ fleet: FleetFound, _ language: Language) -> CheckVerdict {
        let level: CheckLevel =
            fleet.ready == 0
            ? .critical
            : fleet.ready < backends.lowerBound || fleet.others.values.contains(where: \.isTrouble) ? .warning : .ok
        let others = fleet.others.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.rawValue))" }
        let drains =
            fleet.draining == 0 ? [] : [language.choose("draining: \(fleet.draining)", "drenando: \(fleet.draining)")]
        let text =
            [language.choose("\(fleet.ready) ready", "\(fleet.ready) listos")] + drains
            + (others.isEmpty ? [] : [language.choose("not ready: ", "no listos: ") + others.joined(separator: ", ")])
        return CheckVerdict(
            level, text.joined(separator: ", "),
            [
                PerformanceValue("backends_ready", Double(fleet.ready), maximum: Double(backends.upperBound)),
                PerformanceValue("backends_time", fleet.seconds, .seconds),
            ])
    }

    private func upstreamVerdict(_ found: UpstreamFound, _ language: Language) -> CheckVerdict {
        let performance = [PerformanceValue("servers", Double(found.served))]
        guard !(found.missing.isEmpty && found.surplus.isEmpty) else {
            return CheckVerdict(
                .ok,
                language.choose(
                    "NGINX serves what is ready (servers: \(found.served))",
                    "NGINX sirve lo que está listo (servidores: \(found.served))"), performance)
        }
        var words: [String] = []
        if !found.missing.isEmpty {
            words.append(
                language.choose("ready and not served: ", "listos y no servidos: ")
                    + found.missing.joined(separator: ", "))
        }
        if !found.surplus.isEmpty {
            words.append(
                language.choose("served and not ready: ", "servidos y no listos: ")
                    + found.surplus.joined(separator: ", "))
        }
        if found.isChanging {
            words.append(language.choose("a run is at work on it", "una ejecución está en ello"))
            return CheckVerdict(.ok, words.joined(separator: "; "), performance)
        }
        let isCritical = found.surplus.count >= found.served
        return CheckVerdict(isCritical ? .critical : .warning, words.joined(separator: "; "), performance)
    }

    /// Somebody has to look at the clock, however good the rest is.
    private func beside(_ future: [String], _ verdict: CheckVerdict, _ language: Language) -> CheckVerdict {
        CheckVerdict(
            verdict.level == .ok ? .warning : verdict.level,
            verdict.text
                + language.choose(
                    "; in the future, so not counted: \(future.joined(separator: ", ")). Look at the clock: timedatectl",
                    "; en el futuro, así que no cuenta: \(future.joined(separator: ", ")). Mire el reloj: timedatectl"),
            verdict.performance)
    }

    private func lastRun(_ age: Int, _ status: Int32, _ language: Language) -> CheckVerdict {
        let performance = [
            PerformanceValue("last_run_age", Double(age), .seconds, warning: nil, critical: Double(runAge))
        ]
        let when = language.choose("\(Age(age)) ago, exit status \(status)", "hace \(Age(age)), salida \(status)")
        if age > runAge {
            return CheckVerdict(
                .critical, when + language.choose(": overdue, does cron run?", ": atrasada, ¿funciona cron?"),
                performance)
        }
        return CheckVerdict(status == 0 ? .ok : .warning, when, performance)
    }

    private func atMaximum(_ minutes: Int, _ maximum: Int, _ language: Language) -> CheckVerdict {
        CheckVerdict(
            minutes > minutesAtMaximum ? .warning : .ok,
            language.choose(
                "\(minutes) min at MAX_BACKENDS (\(maximum)) in 24 h",
                "\(minutes) min en MAX_BACKENDS (\(maximum)) en 24 h"),
            [PerformanceValue("minutes_at_maximum", Double(minutes), warning: Double(minutesAtMaximum), maximum: 1440)])
    }

    /// Critical from twice the limit on.
    private func backup(_ name: String, _ age: Int, _ language: Language) -> CheckVerdict {
        CheckVerdict(
            age > backupAge * 2 ? .critical : age > backupAge ? .warning : .ok,
            language.choose("\(name), \(Age(age)) old", "\(name), de hace \(Age(age))"),
            [
                PerformanceValue(
                    "backup_age", Double(age), .seconds, warning: Double(backupAge), critical: Double(backupAge * 2))
            ])
    }

    /// A dump that can be read and not restored is no reason for peace, however new it is.
    private func drillFailed(
        _ age: CheckVerdict, _ drilled: String, _ when: String, _ why: String, _ language: Language
    ) -> CheckVerdict {
        let words = language.choose(
            "the last drill failed (\(drilled), \(when)): \(why)",
            "el último simulacro falló (\(drilled), \(when)): \(why)")
        return CheckVerdict(age.level == .critical ? .critical : .warning, "\(age.text); \(words)", age.performance)
    }

    // MARK: Words

    static func milliseconds(_ seconds: Double) -> String {
        seconds < 10 ? "\(Int((seconds * 1000).rounded())) ms" : Self.seconds(seconds)
    }

    static func seconds(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10) s" }
}

extension Standing {
    /// Whether somebody should look; one that starts, drains or was stopped on purpose is as it should be.
    fileprivate var isTrouble: Bool {
        switch self {
        case .failed, .unhealthy, .dead: true
        case .leftover, .starting, .ready, .exited, .draining, .frozen: false
        }
    }
}
