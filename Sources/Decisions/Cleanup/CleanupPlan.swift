/// What goes and what stays, with a reason for each thing. Every tie and every doubt is: it stays.
package struct CleanupPlan: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable, Codable {
        case container
        case image
        case volume
        case buildCache = "build_cache"
        case log
        case history
        case backup
        case leftover
        case state
    }

    package enum Action: String, Sendable, Codable {
        case keep
        case remove
        /// Renamed; what writes to it goes on writing there.
        case rotate
        case compress
    }

    package struct Entry: Equatable, Sendable {
        package let kind: Kind
        /// As people know it.
        package let name: String
        /// What leads to it; the name where that does.
        package let id: String
        /// `nil`: not known.
        package let bytes: Int?
        package let verdict: CleanupVerdict

        package init(_ kind: Kind, _ name: String, id: String? = nil, bytes: Int?, _ verdict: CleanupVerdict) {
            self.kind = kind
            self.name = name
            self.id = id ?? name
            self.bytes = bytes
            self.verdict = verdict
        }
    }

    package private(set) var entries: [Entry] = []

    package init(_ entries: [Entry] = []) { self.entries = entries }

    /// What is to be done, in the order of doing it.
    package var effects: [Entry] { entries.filter { $0.verdict.action != .keep } }
}

// MARK: - Containers

extension CleanupPlan {
    package init(_ containers: [StoppedContainer], policy: CleanupPolicy) {
        entries = containers.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.compactMap { container in
            if container.owner == .others, !policy.removesOtherContainers { return nil }
            return Entry(
                .container, container.name, id: container.id, bytes: container.bytes,
                container.verdict(grace: policy.grace))
        }
    }
}

extension StoppedContainer {
    fileprivate func verdict(grace: Int) -> CleanupVerdict {
        switch owner {
        case .adopted: return .keep(.adopted)
        case .otherService(let service): return .keep(.otherService(service))
        case .ours, .others: break
        }
        if isProtected { return .keep(.protected) }
        if isInOperation { return .keep(.inOperation) }
        guard let idle else { return .keep(.ageUnknown) }
        guard idle.isPast else { return .keep(.inFuture) }
        guard idle > grace else { return .keep(.withinGrace(seconds: max(0, idle))) }
        return .remove(wasStarted ? .unused(seconds: idle) : .neverStarted(seconds: idle))
    }
}

// MARK: - Images

extension CleanupPlan {
    /// - Parameters:
    ///   - repository: the configured one; `nil`: only what has no name can go.
    ///   - configured: the reference as it is configured, and the id that it leads to, where that is known.
    package init(
        _ images: [StoredImage], repository: String?, configured: Set<String>, owners: ImageOwners = ImageOwners(),
        policy: CleanupPolicy
    ) {
        for image in images.sorted(by: { $0.id < $1.id }) where image.references.isEmpty {
            entries.append(
                Entry(
                    .image, image.id.shortened, id: image.id, bytes: image.bytes,
                    image.verdictOnDangling(configured: configured, owners: owners, grace: policy.grace)))
        }
        for image in images.sorted(by: { $0.id < $1.id }) where image.isKnownByDigestOnly(except: repository) {
            entries.append(
                Entry(.image, image.references[0], id: image.id, bytes: image.bytes, .keep(.namedByDigest)))
        }
        guard let repository else { return }
        entries += Self.older(images, of: repository, configured: configured, owners: owners, policy: policy)
    }

    /// The newest stay, and all of the same age as the last of them; names that lead elsewhere are not ours to take.
    private static func older(
        _ images: [StoredImage], of repository: String, configured: Set<String>, owners: ImageOwners,
        policy: CleanupPolicy
    ) -> [Entry] {
        let mine = images.filter { $0.references.contains { $0.imageRepository == repository } }
            .sorted { ($0.age ?? .min, $0.id) < ($1.age ?? .min, $1.id) }
        // Where others use the repository, too, theirs must not push ours out of the newest.
        let counted = mine.filter { image in
            owners.proven.map { !$0.isDisjoint(with: image.references) } ?? true
                || !configured.isDisjoint(with: image.references)
        }
        let numbers = Dictionary(uniqueKeysWithValues: counted.enumerated().map { ($1.id, $0) })
        let lastKept = counted.prefix(policy.keptImages).last?.age
        return mine.reversed().flatMap { image in
            let number = numbers[image.id] ?? mine.count
            return image.references.filter { $0.imageRepository == repository }.sorted().map { reference in
                let verdict = image.verdict(
                    on: reference, number: number, lastKept: lastKept, configured: configured, owners: owners,
                    policy: policy)
                // What another name still leads to is not freed with this one.
                let frees =
                    reference == image.references.max()
                    && image.references.allSatisfy { $0.imageRepository == repository }
                return Entry(
                    .image, reference, bytes: verdict.action == .keep || frees ? image.bytes : 0, verdict)
            }
        }
    }
}

extension StoredImage {
    fileprivate func isKnownByDigestOnly(except repository: String?) -> Bool {
        !references.isEmpty && references.allSatisfy { $0.contains("@") && $0.imageRepository != repository }
    }

    fileprivate func verdictOnDangling(
        configured: Set<String>, owners: ImageOwners, grace: Int
    ) -> CleanupVerdict {
        if let reason = reasonToStay(configured: configured) { return .keep(reason) }
        if owners.others.contains(id) { return .keep(.configuredElsewhere) }
        guard let settled else { return .keep(.ageUnknown) }
        guard settled.isPast else { return .keep(.inFuture) }
        return settled > grace
            ? .remove(.dangling(seconds: settled)) : .keep(.withinGrace(seconds: max(0, settled)))
    }

    fileprivate func verdict(
        on reference: String, number: Int, lastKept: Int?, configured: Set<String>, owners: ImageOwners,
        policy: CleanupPolicy
    ) -> CleanupVerdict {
        if configured.contains(reference) { return .keep(.configured) }
        if let reason = reasonToStay(configured: configured) { return .keep(reason) }
        if owners.others.contains(reference) || owners.others.contains(id) { return .keep(.configuredElsewhere) }
        if let proven = owners.proven, !proven.contains(reference) { return .keep(.notProvenOurs) }
        if number < policy.keptImages { return .keep(.newest(policy.keptImages)) }
        guard let age, let settled else { return .keep(.ageUnknown) }
        guard settled.isPast else { return .keep(.inFuture) }
        guard settled > policy.grace else { return .keep(.withinGrace(seconds: max(0, settled))) }
        guard let lastKept, age > lastKept else { return .keep(.asNewAsKept) }
        return .remove(.olderImage(newer: number))
    }

    private func reasonToStay(configured: Set<String>) -> CleanupVerdict.Stay? {
        if isProtected { return .protected }
        if configured.contains(id) { return .configured }
        return isUsed ? .used : nil
    }
}

// MARK: - Volumes, build cache

extension CleanupPlan {
    package init(_ volumes: [StoredVolume], policy: CleanupPolicy) {
        guard policy.volumes == .anonymous else { return }
        entries = volumes.sorted { $0.name < $1.name }.map { volume in
            Entry(
                .volume, volume.isAnonymous ? volume.name.shortened : volume.name, id: volume.name, bytes: volume.bytes,
                volume.verdict(grace: policy.grace))
        }
    }

    package init(_ cache: UnusedBuildCache, policy: CleanupPolicy) {
        guard policy.removesBuildCache, cache.records > 0 else { return }
        entries = [
            Entry(
                .buildCache, "×\(cache.records)", id: "build_cache", bytes: cache.bytes,
                .remove(.unused(seconds: policy.grace)))
        ]
    }
}

extension StoredVolume {
    fileprivate func verdict(grace: Int) -> CleanupVerdict {
        if !isAnonymous { return .keep(.named) }
        if isProtected { return .keep(.protected) }
        if isUsed { return .keep(.used) }
        guard let age else { return .keep(.ageUnknown) }
        guard age.isPast else { return .keep(.inFuture) }
        return age > grace ? .remove(.unused(seconds: age)) : .keep(.withinGrace(seconds: max(0, age)))
    }
}

// MARK: - Files

extension CleanupPlan {
    package init(_ files: [FoundFile], policy: CleanupPolicy) {
        entries = files.sorted { $0.name < $1.name }.map { file in
            Entry(file.role.kind, file.name, bytes: file.bytes, file.verdict(policy))
        }
    }

    /// - Parameter bytes: of a backup by its name.
    package init(_ backups: [RetentionPlan], bytes: [String: Int]) {
        entries = backups.flatMap { plan in
            plan.entries.reversed().map { entry in
                Entry(
                    .backup, entry.backup.name, bytes: bytes[entry.backup.name],
                    entry.isKept ? .keep(.backup(entry.reasons)) : .remove(.retention))
            }
        }
    }
}

extension FoundFile {
    fileprivate func verdict(_ policy: CleanupPolicy) -> CleanupVerdict {
        if let oddity { return .keep(.oddity(oddity)) }
        if role.isJudgedByAge, !age.isPast { return .keep(.inFuture) }
        switch role {
        case .log:
            return bytes > policy.largestLog ? .rotate(limit: policy.largestLog) : .keep(.smallEnough)
        case .rotatedLog:
            if let reason = reasonOfWriters { return .keep(reason) }
            return isOlder(thanDays: policy.logDays) ? .remove(.expired(days: policy.logDays)) : .compress
        case .backendLog:
            guard isOlder(thanDays: policy.logDays) else { return .keep(.withinDays(policy.logDays)) }
            if let reason = reasonOfWriters { return .keep(reason) }
            return .remove(.expired(days: policy.logDays))
        case .compressedLog, .corruptState:
            return isOlder(thanDays: policy.logDays)
                ? .remove(.expired(days: policy.logDays)) : .keep(.withinDays(policy.logDays))
        case .history:
            return isOlder(thanDays: policy.historyDays)
                ? .remove(.expired(days: policy.historyDays)) : .keep(.withinDays(policy.historyDays))
        case .leftover: return .remove(.leftover)
        }
    }

    private var reasonOfWriters: CleanupVerdict.Stay? {
        switch isWritten {
        case false?: nil
        case true?: .stillWritten
        case nil: .writersUnknown
        }
    }

    private func isOlder(thanDays days: Int) -> Bool { age > days * 86_400 }
}

extension Int {
    /// Of an age in seconds. A file's name may have a time that a run begins with and a day's last second: a day ahead is
    /// not yet a clock that was wrong.
    fileprivate var isPast: Bool { self >= -86_400 }
}

extension FoundFile.Role {
    fileprivate var isJudgedByAge: Bool { self != .log && self != .leftover }

    fileprivate var kind: CleanupPlan.Kind {
        switch self {
        case .log, .rotatedLog, .compressedLog, .backendLog: .log
        case .history: .history
        case .leftover: .leftover
        case .corruptState: .state
        }
    }
}

extension String {
    /// `app` of `app:1.4`, `host:5000/app@sha256:…` and so on: what stands before a tag or a digest.
    package var imageRepository: String {
        let name = self[..<(firstIndex(of: "@") ?? endIndex)]
        let lastPart = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        return String(name[..<(name[lastPart...].firstIndex(of: ":") ?? name.endIndex)])
    }

    /// Of an id: enough for people, without `sha256:`.
    fileprivate var shortened: String {
        let digits = hasPrefix("sha256:") ? dropFirst(7) : self[...]
        return String(digits.prefix(12))
    }
}

extension CleanupPlan.Entry {
    /// Whether its time is still to come: somebody has to look at a clock.
    package var isInFuture: Bool {
        switch verdict {
        case .keep(.inFuture): true
        case .keep(.backup(let reasons)): reasons.contains(.inFuture)
        default: false
        }
    }
}
