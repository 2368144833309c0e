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
    package let statement: CheckStatement
    package let performance: [PerformanceValue]

    init(_ level: CheckLevel, _ statement: CheckStatement, _ performance: [PerformanceValue] = []) {
        self.level = level
        self.statement = statement
        self.performance = performance
    }
}

extension HealthPolicy {
    package func judge(_ finding: CheckFinding) -> CheckVerdict {
        switch finding {
        case .site(let answer): site(answer)
        case .certificate(let seconds): certificate(seconds)
        case .backends(let fleet): backends(fleet)
        case .upstream(let found): upstream(found)
        case .database(let found): connections(found)
        case .databaseFull(let says): CheckVerdict(.critical, .databaseFull(says: says))
        case .replicas(let lags): replicas(lags)
        case .lastRun(let age, let status): lastRun(age, status)
        case .neverRan: CheckVerdict(.critical, .neverRan)
        case .maximum(let minutes, let maximum): atMaximum(minutes, maximum)
        case .backup(let name, let age): backup(name, age)
        case .drillFailed(let name, let age, let drilled, let when, let why):
            drillFailed(backup(name, age), drilled, when, why)
        case .noBackup: CheckVerdict(.warning, .noBackup)
        case .onlyBackupsOfOthers(let others): CheckVerdict(.warning, .onlyBackupsOfOthers(others))
        case .beside(let future, let finding): beside(future, judge(finding))
        case .disk(let found): disks(found)
        case .workers(let current, let old): workers(current, old)
        case .notAsked(let why): CheckVerdict(.ok, .notAsked(why))
        }
    }

    private func site(_ answer: SiteAnswer) -> CheckVerdict {
        let performance = [PerformanceValue("site_time", answer.seconds, .seconds)]
        guard statuses.contains(answer.status) else {
            return CheckVerdict(
                .critical, .otherStatus(answer.status, seconds: answer.seconds, expected: statuses), performance)
        }
        guard answer.holdsText != false else {
            return CheckVerdict(.critical, .textMissing(status: answer.status), performance)
        }
        return CheckVerdict(.ok, .site(status: answer.status, seconds: answer.seconds), performance)
    }

    /// Critical in the last fifth: three of fifteen days.
    private func certificate(_ seconds: Int) -> CheckVerdict {
        let days = seconds / 86_400
        let critical = certificateDays / 5
        let performance = [
            PerformanceValue(
                "certificate_days", Double(days), warning: Double(certificateDays), critical: Double(critical),
                isLowerLimit: true, minimum: nil)
        ]
        guard seconds > 0 else { return CheckVerdict(.critical, .certificateExpired, performance) }
        return CheckVerdict(
            days < critical ? .critical : days < certificateDays ? .warning : .ok, .certificate(days: days), performance
        )
    }

    private func backends(_ fleet: FleetFound) -> CheckVerdict {
        let level: CheckLevel =
            fleet.ready == 0
            ? .critical
            : fleet.ready < backends.lowerBound || fleet.others.values.contains(where: \.isTrouble) ? .warning : .ok
        return CheckVerdict(
            level, .backends(fleet),
            [
                PerformanceValue("backends_ready", Double(fleet.ready), maximum: Double(backends.upperBound)),
                PerformanceValue("backends_time", fleet.seconds, .seconds),
            ])
    }

    private func upstream(_ found: UpstreamFound) -> CheckVerdict {
        let performance = [PerformanceValue("servers", Double(found.served))]
        guard !(found.missing.isEmpty && found.surplus.isEmpty) else {
            return CheckVerdict(.ok, .upstreamServed(found.served), performance)
        }
        let level: CheckLevel =
            found.isChanging ? .ok : found.surplus.count >= found.served ? .critical : .warning
        return CheckVerdict(level, .upstreamDiffers(found), performance)
    }

    /// Somebody has to look at the clock, however good the rest is.
    private func beside(_ future: [String], _ verdict: CheckVerdict) -> CheckVerdict {
        CheckVerdict(
            verdict.level == .ok ? .warning : verdict.level, .beside(future: future, verdict.statement),
            verdict.performance)
    }

    private func lastRun(_ age: Int, _ status: Int32) -> CheckVerdict {
        let isOverdue = age > runAge
        return CheckVerdict(
            isOverdue ? .critical : status == 0 ? .ok : .warning,
            .lastRun(age: age, exitStatus: status, isOverdue: isOverdue),
            [PerformanceValue("last_run_age", Double(age), .seconds, warning: nil, critical: Double(runAge))])
    }

    private func atMaximum(_ minutes: Int, _ maximum: Int) -> CheckVerdict {
        CheckVerdict(
            minutes > minutesAtMaximum ? .warning : .ok, .maximum(minutes: minutes, of: maximum),
            [PerformanceValue("minutes_at_maximum", Double(minutes), warning: Double(minutesAtMaximum), maximum: 1440)])
    }

    /// Critical from twice the limit on.
    private func backup(_ name: String, _ age: Int) -> CheckVerdict {
        CheckVerdict(
            age > backupAge * 2 ? .critical : age > backupAge ? .warning : .ok, .backup(name: name, age: age),
            [
                PerformanceValue(
                    "backup_age", Double(age), .seconds, warning: Double(backupAge), critical: Double(backupAge * 2))
            ])
    }

    /// A dump that can be read and not restored is no reason for peace, however new it is.
    private func drillFailed(
        _ age: CheckVerdict, _ drilled: String, _ when: String, _ why: String
    ) -> CheckVerdict {
        CheckVerdict(
            age.level == .critical ? .critical : .warning,
            .drillFailed(age.statement, drilled: drilled, when: when, why: why), age.performance)
    }
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
