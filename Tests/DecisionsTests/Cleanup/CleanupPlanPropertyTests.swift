import Decisions
import SeededRandom
import Testing

/// What must hold of every plan, whatever was found.
struct CleanupPlanPropertyTests {
    private static let rounds = 5000

    private func policy(_ random: inout SplitMix64) -> CleanupPolicy {
        CleanupPolicy(
            grace: .random(in: 0...50, using: &random), keptImages: .random(in: 1...4, using: &random),
            largestLog: .random(in: 1...50, using: &random), logDays: .random(in: 1...3, using: &random),
            historyDays: .random(in: 1...3, using: &random), removesBuildCache: .random(using: &random),
            removesOtherContainers: .random(using: &random), volumes: .random(using: &random) ? .anonymous : .none)
    }

    private func age(_ random: inout SplitMix64) -> Int? {
        Int.random(in: 0..<10, using: &random) == 0 ? nil : .random(in: -20...100, using: &random)
    }

    @Test func `no image that is used, configured, protected, young or among the newest ever goes`() {
        var random = SplitMix64(seed: 1)
        for round in 0..<Self.rounds {
            let policy = policy(&random)
            let images = (0..<Int.random(in: 0...8, using: &random)).map { number in
                let references = ["app:\(number)", "app:also\(number)", "other:\(number)", "app@sha256:\(number)"]
                    .filter {
                        _ in Int.random(in: 0..<3, using: &random) == 0
                    }
                return StoredImage(
                    id: "id\(number)", references: references, age: age(&random), named: age(&random), bytes: number,
                    isUsed: .random(using: &random), isProtected: Int.random(in: 0..<5, using: &random) == 0)
            }
            let configured: Set = [
                "id\(Int.random(in: 0...8, using: &random))", "app:\(Int.random(in: 0...8, using: &random))",
            ]
            let plan = CleanupPlan(images, repository: "app", configured: configured, policy: policy)
            let gone = Set(plan.effects.map(\.id))
            #expect(gone.count == plan.effects.count, "round \(round): nothing is removed twice")
            for image in images {
                let names = gone.intersection(image.references + [image.id])
                guard !names.isEmpty else { continue }
                #expect(!image.isUsed && !image.isProtected && !configured.contains(image.id), "round \(round)")
                #expect(names.isDisjoint(with: configured), "round \(round)")
                #expect(image.age.map { min($0, image.named ?? $0) > policy.grace } == true, "round \(round)")
                #expect(names.allSatisfy { $0 == image.id || $0.imageRepository == "app" }, "round \(round)")
                #expect(
                    !names.contains(image.id) || image.references.isEmpty, "round \(round): ids only where no name is")
                guard !image.references.isEmpty else { continue }
                let younger = images.filter { other in
                    other.references.contains { $0.imageRepository == "app" }
                        && (other.age ?? .min) < (image.age ?? .min)
                }
                #expect(younger.count >= policy.keptImages, "round \(round)")
            }
        }
    }

    @Test func `no container that is others', adopted, busy, protected or of unknown age goes unasked`() {
        var random = SplitMix64(seed: 2)
        let owners: [StoppedContainer.Owner] = [.ours, .adopted, .otherService("x"), .others]
        for round in 0..<Self.rounds {
            let policy = policy(&random)
            let containers = (0..<6).map { number in
                StoppedContainer(
                    id: "\(number)", name: "c\(number)", owner: owners[Int.random(in: 0...3, using: &random)],
                    idle: age(&random), isProtected: .random(using: &random), isInOperation: .random(using: &random))
            }
            let gone = Set(CleanupPlan(containers, policy: policy).effects.map(\.id))
            for container in containers where gone.contains(container.id) {
                #expect(container.owner == .ours || container.owner == .others && policy.removesOtherContainers)
                #expect(!container.isProtected && !container.isInOperation, "round \(round)")
                #expect(container.idle.map { $0 > policy.grace } == true, "round \(round)")
            }
        }
    }

    @Test func `a longer grace and more days never remove more`() {
        var random = SplitMix64(seed: 3)
        let roles: [FoundFile.Role] = [
            .log, .rotatedLog, .compressedLog, .backendLog, .history, .leftover, .corruptState,
        ]
        for round in 0..<Self.rounds {
            let days = Int.random(in: 1...5, using: &random)
            let files = (0..<6).map { number in
                FoundFile(
                    name: "\(number)", role: roles[Int.random(in: 0..<roles.count, using: &random)], bytes: number,
                    age: .random(in: -86_400...864_000, using: &random), oddity: .random(using: &random) ? nil : .link,
                    isWritten: .random(using: &random))
            }
            let less = CleanupPlan(files, policy: CleanupPolicy(logDays: days + 1, historyDays: days + 1))
            let more = CleanupPlan(files, policy: CleanupPolicy(logDays: days, historyDays: days))
            func removed(_ plan: CleanupPlan) -> Set<String> {
                Set(plan.entries.filter { $0.verdict.action == .remove }.map(\.name))
            }
            #expect(removed(less).isSubset(of: removed(more)), "round \(round)")
            #expect(more.effects.allSatisfy { entry in files.contains { $0.name == entry.name && $0.oddity == nil } })
        }
    }
}
