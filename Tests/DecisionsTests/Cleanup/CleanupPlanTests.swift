import Decisions
import Testing

/// One table a rule: what is found, what becomes of it, and why.
struct CleanupPlanTests {
    private let policy = CleanupPolicy(grace: 3600)

    private func only(_ plan: CleanupPlan) throws -> CleanupPlan.Entry {
        #expect(plan.entries.count == 1)
        return try #require(plan.entries.first)
    }

    // MARK: Containers

    @Test(
        "Containers",
        arguments: [
            ("ours, ended long ago", StoppedContainer(id: "a", name: "a", owner: .ours, idle: 3601), "unused"),
            (
                "ours, never started",
                StoppedContainer(id: "a", name: "a", owner: .ours, idle: 3601, wasStarted: false), "never_started"
            ),
            (
                "as old as the grace: a tie stays",
                StoppedContainer(id: "a", name: "a", owner: .ours, idle: 3600), "within_grace"
            ),
            (
                "ended in the future: the clock went back",
                StoppedContainer(id: "a", name: "a", owner: .ours, idle: -5), "within_grace"
            ),
            ("no age", StoppedContainer(id: "a", name: "a", owner: .ours, idle: nil), "age_unknown"),
            (
                "the label", StoppedContainer(id: "a", name: "a", owner: .ours, idle: 9999, isProtected: true),
                "protected"
            ),
            (
                "an operation under way",
                StoppedContainer(id: "a", name: "a", owner: .ours, idle: 9999, isInOperation: true), "in_operation"
            ),
            ("adopted", StoppedContainer(id: "a", name: "a", owner: .adopted, idle: 9999), "adopted"),
            (
                "another service's", StoppedContainer(id: "a", name: "a", owner: .otherService("b"), idle: 9999),
                "other_service"
            ),
        ])
    func containers(_ name: String, _ container: StoppedContainer, _ code: String) throws {
        for policy in [policy, CleanupPolicy(grace: 3600, removesOtherContainers: true)] {
            let entry = try only(CleanupPlan([container], policy: policy))
            #expect(entry.verdict.code == code, "\(name)")
            #expect((entry.verdict.action == .remove) == ["unused", "never_started"].contains(code), "\(name)")
        }
    }

    @Test func `containers of others are not even named, unless they are asked for`() throws {
        let container = StoppedContainer(id: "a", name: "a", owner: .others, idle: 9999)
        #expect(CleanupPlan([container], policy: policy).entries.isEmpty)
        let asked = CleanupPolicy(grace: 3600, removesOtherContainers: true)
        #expect(try only(CleanupPlan([container], policy: asked)).verdict.action == .remove)
        let protected = StoppedContainer(id: "a", name: "a", owner: .others, idle: 9999, isProtected: true)
        #expect(try only(CleanupPlan([protected], policy: asked)).verdict.action == .keep)
    }

    // MARK: Images

    private func plan(_ images: [StoredImage], configured: Set<String> = [], keep: Int = 2) -> [String: String] {
        let plan = CleanupPlan(
            images, repository: "app", configured: configured, policy: CleanupPolicy(grace: 3600, keptImages: keep))
        return Dictionary(plan.entries.map { ($0.id, $0.verdict.code) }, uniquingKeysWith: { "\($0) \($1)" })
    }

    @Test(
        "Images without a name",
        arguments: [
            (StoredImage(id: "x", age: 3601), "dangling"), (StoredImage(id: "x", age: 3600), "within_grace"),
            (StoredImage(id: "x", age: nil), "age_unknown"), (StoredImage(id: "x", age: 9999, isUsed: true), "used"),
            (StoredImage(id: "x", age: 9999, isProtected: true), "protected"),
            (StoredImage(id: "x", age: -9), "within_grace"),
            (StoredImage(id: "x", age: 9999, named: 3600), "within_grace"),
            (StoredImage(id: "x", age: 9999, named: 3601), "dangling"),
        ])
    func dangling(_ image: StoredImage, _ code: String) { #expect(plan([image]) == ["x": code]) }

    @Test func `the configured one stays by its id, also without a name`() {
        #expect(plan([StoredImage(id: "x", age: 9999)], configured: ["x"]) == ["x": "configured"])
    }

    @Test func `the newest two of the repository stay, and what is used, configured, protected or young`() {
        let images = [
            StoredImage(id: "1", references: ["app:1"], age: 90_000, isUsed: true),
            StoredImage(id: "2", references: ["app:2"], age: 80_000),
            StoredImage(id: "3", references: ["app:3"], age: 70_000),
            StoredImage(id: "4", references: ["app:4"], age: 60_000, isProtected: true),
            StoredImage(id: "5", references: ["app:5"], age: 50_000),
            StoredImage(id: "6", references: ["app:6"], age: 40_000),
            StoredImage(id: "7", references: ["other:1"], age: 95_000),
            StoredImage(id: "8", references: ["registry:5000/app:1"], age: 95_000),
        ]
        #expect(
            plan(images, configured: ["app:2", "2"]) == [
                "app:1": "used", "app:2": "configured", "app:3": "older_image", "app:4": "protected", "app:5": "newest",
                "app:6": "newest",
            ])
    }

    @Test func `images of the same age as the last that is kept stay, and so does one that was named just now`() {
        let images = [
            StoredImage(id: "1", references: ["app:1"], age: 70_000),
            StoredImage(id: "2", references: ["app:2"], age: 70_000),
            StoredImage(id: "3", references: ["app:3"], age: 70_000),
            StoredImage(id: "4", references: ["app:4"], age: 70_001),
        ]
        #expect(
            plan(images) == ["app:1": "newest", "app:2": "newest", "app:3": "as_new_as_kept", "app:4": "older_image"])
        let young = (1...4).map { StoredImage(id: "\($0)", references: ["app:\($0)"], age: $0 * 10) }
        #expect(plan(young)["app:4"] == "within_grace")
        let again = StoredImage(id: "0", references: ["app:0"], age: 80_000, named: 5)
        #expect(plan(images + [again])["app:0"] == "within_grace", "an old build that came just now")
        #expect(plan(images + [again])["app:1"] == "newest", "and that makes no newer one older")
        #expect(
            plan([StoredImage(id: "u", references: ["app:u"], age: nil)] + images, keep: 1)["app:4"]
                == "as_new_as_kept",
            "next to one of unknown age none is known to be older")
    }

    @Test func `only names of the repository are taken, and what another name leads to frees nothing`() {
        let images = [
            StoredImage(id: "1", references: ["app:1", "app:one", "keep/app:1"], age: 90_000, bytes: 5),
            StoredImage(id: "2", references: ["app:2", "app:two"], age: 80_000, bytes: 7),
            StoredImage(id: "3", references: ["app@sha256:3"], age: 70_000, bytes: 9),
            StoredImage(id: "9", references: ["app:9"], age: 5000, bytes: 1),
        ]
        let plan = CleanupPlan(
            images, repository: "app", configured: [], policy: CleanupPolicy(grace: 3600, keptImages: 1))
        #expect(plan.effects.map(\.id) == ["app:1", "app:one", "app:2", "app:two", "app@sha256:3"], "oldest first")
        #expect(plan.effects.map(\.bytes) == [0, 0, 0, 7, 9])
    }

    @Test func `what somebody pulled by its digest has a name, and stays`() {
        #expect(plan([StoredImage(id: "x", references: ["db@sha256:1"], age: 99_999)]) == ["x": "named_by_digest"])
        let plan = CleanupPlan(
            [StoredImage(id: "x", age: 9999), StoredImage(id: "y", references: ["app:1"], age: 9999)], repository: nil,
            configured: [], policy: policy)
        #expect(plan.effects.map(\.id) == ["x"], "without a configured image only what has no name goes")
    }

    @Test(
        "The repository of a reference",
        arguments: [
            ("app", "app"), ("app:1.4", "app"), ("host:5000/app", "host:5000/app"),
            ("host:5000/a/b:1", "host:5000/a/b"), ("app@sha256:12", "app"), ("app:1@sha256:12", "app"), ("", ""),
        ])
    func repositories(_ reference: String, _ repository: String) {
        #expect(reference.imageRepository == repository)
    }

    // MARK: Volumes, build cache

    @Test func `volumes go only where they are asked for, and never one with a name`() {
        let volumes = [
            StoredVolume(name: "a", isAnonymous: true, age: 9999),
            StoredVolume(name: "b", isAnonymous: true, age: 3600),
            StoredVolume(name: "c", isAnonymous: true, isUsed: true, age: 9999),
            StoredVolume(name: "d", isAnonymous: true, age: nil),
            StoredVolume(name: "e", isAnonymous: true, age: 9999, isProtected: true),
            StoredVolume(name: "data", isAnonymous: false, age: 99_999_999),
        ]
        #expect(CleanupPlan(volumes, policy: policy).entries.isEmpty)
        let plan = CleanupPlan(volumes, policy: CleanupPolicy(grace: 3600, volumes: .anonymous))
        #expect(plan.effects.map(\.id) == ["a"])
        #expect(plan.entries.first { $0.id == "data" }?.verdict == .keep(.named))
    }

    @Test func `build cache goes only where it is asked for`() {
        let cache = UnusedBuildCache(records: 3, bytes: 10)
        #expect(CleanupPlan(cache, policy: policy).entries.isEmpty)
        #expect(CleanupPlan(cache, policy: CleanupPolicy(removesBuildCache: true)).effects.map(\.bytes) == [10])
        let nothing = UnusedBuildCache(records: 0, bytes: 0)
        #expect(CleanupPlan(nothing, policy: CleanupPolicy(removesBuildCache: true)).entries.isEmpty)
    }

    // MARK: Files

    private static let day = 86_400

    @Test(
        "Files",
        arguments: [
            (FoundFile(name: "a", role: .log, bytes: 100, age: 0), .keep, "small_enough"),
            (FoundFile(name: "a", role: .log, bytes: 101, age: 0), .rotate, "too_large"),
            (FoundFile(name: "a", role: .rotatedLog, bytes: 1, age: 0), .compress, "rotated"),
            (FoundFile(name: "a", role: .rotatedLog, bytes: 1, age: 0, isWritten: true), .keep, "still_written"),
            (FoundFile(name: "a", role: .rotatedLog, bytes: 1, age: 0, isWritten: nil), .keep, "writers_unknown"),
            (FoundFile(name: "a", role: .rotatedLog, bytes: 1, age: 30 * day), .compress, "rotated"),
            (FoundFile(name: "a", role: .rotatedLog, bytes: 1, age: 30 * day + 1), .remove, "expired"),
            (
                FoundFile(name: "a", role: .rotatedLog, bytes: 1, age: 99 * day, isWritten: true), .keep,
                "still_written"
            ),
            (FoundFile(name: "a", role: .compressedLog, bytes: 1, age: 30 * day), .keep, "within_days"),
            (FoundFile(name: "a", role: .compressedLog, bytes: 1, age: 30 * day + 1), .remove, "expired"),
            (FoundFile(name: "a", role: .compressedLog, bytes: 1, age: -day), .keep, "within_days"),
            (FoundFile(name: "a", role: .backendLog, bytes: 1, age: 30 * day), .keep, "within_days"),
            (FoundFile(name: "a", role: .backendLog, bytes: 1, age: 30 * day + 1), .remove, "expired"),
            (
                FoundFile(name: "a", role: .backendLog, bytes: 1, age: 99 * day, isWritten: true), .keep,
                "still_written"
            ),
            (
                FoundFile(name: "a", role: .backendLog, bytes: 1, age: 99 * day, isWritten: nil), .keep,
                "writers_unknown"
            ),
            (FoundFile(name: "a", role: .history, bytes: 1, age: 90 * day), .keep, "within_days"),
            (FoundFile(name: "a", role: .history, bytes: 1, age: 90 * day + 1), .remove, "expired"),
            (FoundFile(name: "a", role: .leftover, bytes: 1, age: 0), .remove, "leftover"),
            (FoundFile(name: "a", role: .corruptState, bytes: 1, age: 30 * day), .keep, "within_days"),
            (FoundFile(name: "a", role: .corruptState, bytes: 1, age: 30 * day + 1), .remove, "expired"),
        ] as [(FoundFile, CleanupPlan.Action, String)])
    func files(_ file: FoundFile, _ action: CleanupPlan.Action, _ code: String) throws {
        let policy = CleanupPolicy(largestLog: 100)
        let entry = try only(CleanupPlan([file], policy: policy))
        #expect(entry.verdict.action == action)
        #expect(entry.verdict.code == code)
        for oddity in [FoundFile.Oddity.link, .notAFile, .otherDevice, .secondName] {
            let odd = FoundFile(
                name: "a", role: file.role, bytes: file.bytes, age: file.age, oddity: oddity, isWritten: file.isWritten)
            #expect(try only(CleanupPlan([odd], policy: policy)).verdict.action == .keep, "\(oddity)")
        }
    }

    @Test func `backups go as their retention says, oldest first`() {
        let backups = (1...4).map { BackupAge(name: "b\($0)", time: $0 * Self.day, isVerified: true) }
        let rules = RetentionPolicy(last: 2, hourly: 0, daily: 0, weekly: 0, monthly: 0, minimum: 1)
        let plan = CleanupPlan([RetentionPlan(for: backups, policy: rules, now: 9 * Self.day)], bytes: ["b1": 5])
        #expect(plan.effects.map(\.name) == ["b1", "b2"])
        #expect(plan.entries.map(\.verdict.action) == [.remove, .remove, .keep, .keep])
        #expect(plan.entries.first?.bytes == 5)
    }

    @Test func `every reason has a spelling and two sentences`() {
        let reasons: [CleanupVerdict] = [
            .remove(.unused(seconds: 1)), .remove(.neverStarted(seconds: 200)), .remove(.dangling(seconds: 9000)),
            .remove(.olderImage(newer: 2)), .rotate(limit: 1), .compress, .remove(.expired(days: 3)),
            .remove(.leftover), .remove(.retention), .keep(.withinGrace(seconds: 999_999)), .keep(.ageUnknown),
            .keep(.inFuture), .keep(.protected), .keep(.adopted), .keep(.otherService("x")), .keep(.inOperation),
            .keep(.used), .keep(.configured), .keep(.configuredElsewhere), .keep(.notProvenOurs), .keep(.newest(2)),
            .keep(.asNewAsKept), .keep(.namedByDigest), .keep(.named), .keep(.smallEnough), .keep(.withinDays(3)),
            .keep(.stillWritten), .keep(.writersUnknown), .keep(.oddity(.link)), .keep(.oddity(.notAFile)),
            .keep(.oddity(.secondName)), .keep(.oddity(.otherDevice)), .keep(.backup([.minimum(2)])),
            .keep(.backup([])),
        ]
        #expect(Set(reasons.map(\.code)).count == reasons.count)
        for reason in reasons.dropLast() {
            #expect(!reason.sentence(in: .english).isEmpty)
            #expect(reason.sentence(in: .english) != reason.sentence(in: .spanish))
        }
    }
}
