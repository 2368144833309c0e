package import Decisions
import Host
import Logging
package import Settings
import SystemPackage

/// One execution of `healthcheck`: all checks at once, each with a time-out of its own. Takes no lock, changes nothing.
package struct HealthCheckRun: Sendable {
    let configuration: Configuration
    let wanted: Set<CheckName>
    let now: Moment

    /// - Parameter names: the checks to make; empty for all.
    package init(_ configuration: Configuration, only names: Set<CheckName> = []) {
        self.configuration = configuration
        wanted = names.isEmpty ? Set(CheckName.allCases) : names
        now = .now()
    }

    package func run() async -> HealthReport {
        async let site = siteChecks()
        async let fleet = fleetChecks()
        async let database = databaseChecks()
        async let records = recordChecks()
        async let disk = diskCheck()
        async let workers = workersCheck()
        let found = await site + fleet + database + records + disk + workers
        return HealthReport(
            service: configuration.service, time: WallClock.utc(now.wall),
            checks: found.filter { wanted.contains($0.name) }.map(judged).sorted {
                Self.order($0.name) < Self.order($1.name)
            })
    }

    private func judged(_ found: Found) -> HealthReport.Check {
        let language = configuration.language
        switch found.outcome {
        case .found(let finding):
            let verdict = settings.policy.judge(finding)
            return .init(
                found, verdict.level, verdict.statement.sentence(in: language), performance: verdict.performance)
        case .failed(let obstacle): return .init(found, .critical, obstacle.sentence(in: language))
        case .unknown(let obstacle): return .init(found, .unknown, obstacle.sentence(in: language))
        }
    }

    var settings: Configuration.HealthCheck { configuration.healthCheck }

    private static func order(_ name: CheckName) -> Int { CheckName.allCases.firstIndex(of: name) ?? .max }

    struct Found: Sendable {
        let name: CheckName
        let outcome: CheckOutcome
        var milliseconds = 0
    }

    /// What one look finds for several checks, with the time that it took.
    func look(
        _ names: [CheckName], _ body: @Sendable () async -> [CheckName: CheckOutcome]
    ) async -> [Found] {
        guard !wanted.isDisjoint(with: names) else { return [] }
        let start = ContinuousClock.now
        let outcomes = await body()
        let milliseconds = Int(start.duration(to: .now) / .milliseconds(1))
        return names.compactMap { name in
            outcomes[name].map { Found(name: name, outcome: $0, milliseconds: milliseconds) }
        }
    }

    /// Blocking work on a thread of its own, given up after `HEALTHCHECK_TIMEOUT`: a file system that hangs can't be
    /// interrupted.
    func onThread(
        _ names: [CheckName], _ body: @escaping @Sendable () -> [CheckName: CheckOutcome]
    ) async -> [CheckName: CheckOutcome] {
        do throws(DetachedThread.ThreadsExhausted) {
            // The parts that can say more themselves have shorter time-outs.
            return try await DetachedThread.value(within: settings.timeout + .seconds(1), of: body)
                ?? Dictionary(uniqueKeysWithValues: names.map { ($0, .unknown(.silence(settings.timeout))) })
        } catch {
            return Dictionary(uniqueKeysWithValues: names.map { ($0, .unknown(.threads(error))) })
        }
    }
}

/// What `healthcheck` found; text and JSON are two prints of it.
package struct HealthReport: Codable, Equatable, Sendable {
    package struct Check: Codable, Equatable, Sendable {
        package let name: CheckName
        package let level: CheckLevel
        package let text: String
        package let performance: [PerformanceValue]
        package let milliseconds: Int

        init(
            _ found: HealthCheckRun.Found, _ level: CheckLevel, _ text: String, performance: [PerformanceValue] = []
        ) {
            name = found.name
            self.level = level
            self.text = text
            self.performance = performance
            milliseconds = found.milliseconds
        }
    }

    package let service: String
    /// ISO 8601, UTC.
    package let time: String
    package let level: CheckLevel
    package let checks: [Check]

    package init(service: String, time: String, checks: [Check]) {
        self.service = service
        self.time = time
        self.checks = checks
        level = CheckLevel.worst(checks.map(\.level))
    }

    package var exitStatus: Int32 { level.exitStatus }
}

extension HealthReport {
    /// What could not be judged tells nothing: neither that something begins nor that it is over.
    package var findings: AlertFindings {
        var findings = AlertFindings()
        for check in checks {
            guard let event = check.name.event, check.level != .unknown else { continue }
            findings.judged.insert(event)
            guard check.level != .ok else { continue }
            findings.found.append(
                AlertFinding(
                    event, severity: check.level == .critical ? .critical : .warning,
                    text: "\(check.name.rawValue): \(check.text)"))
        }
        return findings
    }
}

extension CheckName {
    /// Being at the maximum is told by `monitor`, which knows since when.
    fileprivate var event: AlertEvent? {
        switch self {
        case .site: .siteDown
        case .certificate: .certificateExpiring
        case .backends: .backendsUnhealthy
        case .upstream: .upstreamDiffers
        case .database: .databaseTrouble
        case .replicas: .replicaBehind
        case .lastRun: .runOverdue
        case .maximum: nil
        case .backup: .backupOverdue
        case .disk: .diskLow
        case .workers: .oldWorkers
        }
    }
}
