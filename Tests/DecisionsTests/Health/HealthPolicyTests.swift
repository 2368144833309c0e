import Decisions
import Testing

/// From when on what `healthcheck` finds is a warning, or critical.
struct HealthPolicyTests {
    private static let policy = HealthPolicy(
        statuses: 200...399, certificateDays: 15, backends: 2...4, runAge: 180, backupAge: 43_200, replicaLag: 60,
        minutesAtMaximum: 60, diskFloor: .percent(10))

    private static func used(_ used: Int, of limit: Int, reserved: Int = 3) -> CheckFinding {
        .database(ConnectionsFound(used: used, limit: limit, reserved: reserved, seconds: 0.01))
    }

    private static func fleet(ready: Int, _ others: [String: Standing] = [:], draining: Int = 0) -> CheckFinding {
        .backends(FleetFound(ready: ready, others: others, draining: draining, seconds: 0.01))
    }

    private static func upstream(
        missing: [String] = [], surplus: [String] = [], served: Int = 3, isChanging: Bool = false
    ) -> CheckFinding {
        .upstream(UpstreamFound(missing: missing, surplus: surplus, served: served, isChanging: isChanging))
    }

    private static func disk(free: Int) -> CheckFinding {
        .disk([DiskFound(uses: [.state], path: "/", free: free, total: 1000)])
    }

    private static let day = 86_400

    private static let table: [(String, CheckFinding, CheckLevel)] = [
        ("an answer of the expected statuses", .site(SiteAnswer(status: 399, holdsText: nil, seconds: 1)), .ok),
        ("an error page", .site(SiteAnswer(status: 502, holdsText: nil, seconds: 1)), .critical),
        ("200 without the text", .site(SiteAnswer(status: 200, holdsText: false, seconds: 1)), .critical),
        ("200 with the text", .site(SiteAnswer(status: 200, holdsText: true, seconds: 1)), .ok),
        ("a certificate of 15 days", .certificate(secondsLeft: 15 * day), .ok),
        ("one of almost 15", .certificate(secondsLeft: 15 * day - 1), .warning),
        ("one of 3 days", .certificate(secondsLeft: 3 * day), .warning),
        ("one of almost 3", .certificate(secondsLeft: 3 * day - 1), .critical),
        ("one that has ended", .certificate(secondsLeft: -1), .critical),
        ("enough ready ones", fleet(ready: 2), .ok),
        ("fewer than the minimum", fleet(ready: 1), .warning),
        ("none", fleet(ready: 0), .critical),
        ("one that starts beside enough", fleet(ready: 2, ["a": .starting]), .ok),
        ("one that drains beside enough", fleet(ready: 2, draining: 1), .ok),
        ("a sick one beside enough", fleet(ready: 2, ["a": .unhealthy]), .warning),
        ("NGINX serves what is ready", upstream(), .ok),
        ("a ready one is not served", upstream(missing: ["a"]), .warning),
        ("one that is not ready is served", upstream(surplus: ["127.0.0.1:1"]), .warning),
        ("only such are served", upstream(surplus: ["a", "b", "c"]), .critical),
        ("a run is changing it", upstream(missing: ["a"], isChanging: true), .ok),
        ("79 of 100 connections", used(79, of: 100), .ok),
        ("80 of 100", used(80, of: 100), .warning),
        ("94 of 100", used(94, of: 100), .warning),
        ("95 of 100", used(95, of: 100), .critical),
        ("796 of 1000 is not 80 %", used(796, of: 1000), .ok),
        ("only superusers still get in", used(17, of: 20), .critical),
        ("a full database", .databaseFull(says: "sorry"), .critical),
        ("no replicas", .replicas([:]), .ok),
        ("a replica in time", .replicas(["a": 60]), .ok),
        ("one that is late", .replicas(["a": 61]), .warning),
        ("one that is very late", .replicas(["a": 1, "b": 301]), .critical),
        ("one that may not be seen", .replicas(["a": 1, "b": nil]), .unknown),
        ("a run three minutes ago", .lastRun(age: 180, exitStatus: 0), .ok),
        ("a longer time ago", .lastRun(age: 181, exitStatus: 0), .critical),
        ("one that failed", .lastRun(age: 5, exitStatus: 69), .warning),
        ("no run ever", .neverRan, .critical),
        ("an hour at the maximum", .maximum(minutes: 60, of: 4), .ok),
        ("more than that", .maximum(minutes: 61, of: 4), .warning),
        ("a fresh backup", .backup(name: "b", age: 43_200), .ok),
        ("an old one", .backup(name: "b", age: 43_201), .warning),
        ("a very old one", .backup(name: "b", age: 86_401), .critical),
        ("none yet", .noBackup, .warning),
        ("a tenth free", disk(free: 100), .ok),
        ("less", disk(free: 99), .warning),
        ("half of it", disk(free: 50), .warning),
        ("less than half", disk(free: 49), .critical),
        ("old workers after a reload", .workers(current: 2, old: 4), .ok),
        ("old workers that pile up", .workers(current: 2, old: 5), .warning),
        ("nothing to look at", .notAsked(.noURL), .ok),
    ]

    @Test(arguments: table)
    func `a finding has its level`(name: String, finding: CheckFinding, level: CheckLevel) {
        let verdict = Self.policy.judge(finding)
        #expect(verdict.level == level, "\(name): \(verdict.statement)")
        for language in Language.allCases { #expect(!verdict.statement.sentence(in: language).isEmpty) }
    }

    @Test func `the worst is critical, then warning, then unknown`() {
        #expect(CheckLevel.worst([.ok, .unknown, .warning, .critical]) == .critical)
        #expect(CheckLevel.worst([.ok, .unknown, .warning]) == .warning)
        #expect(CheckLevel.worst([.ok, .unknown]) == .unknown)
        #expect(CheckLevel.worst([]) == .ok)
        #expect(CheckLevel.allCases.map(\.exitStatus) == [0, 1, 2, 3])
    }

    @Test func `performance data has the form of the guidelines`() {
        let values = [
            PerformanceValue("connections", 12, warning: 80, critical: 95, maximum: 100),
            PerformanceValue("site_time", 0.0124, .seconds),
            PerformanceValue("free_/var/lib", 5, .bytes, warning: 3, critical: 1.5, isLowerLimit: true),
            PerformanceValue("it's=|", .infinity, minimum: nil),
        ]
        #expect(
            values.map(\.text) == [
                "connections=12;80;95;0;100", "site_time=0.012s;;;0", "'free_/var/lib'=5B;3:;1.500:;0", "its=U",
            ])
    }
}
