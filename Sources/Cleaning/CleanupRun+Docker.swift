import Connections
import Decisions
import Fleet
import Host
import Reporting
import Settings
import SystemPackage

extension CleanupRun {
    /// What all of Docker's parts may take together.
    private static let dockerTime = Duration.seconds(900)
    /// What the container step may take while it keeps `monitor` out.
    private static let lockedTime = Duration.seconds(45)

    /// Containers, images, volumes and build cache; nothing where no part of Docker's is asked for.
    mutating func cleanDocker() async throws(CleanupFailure) {
        guard let engine = wantedEngine else { return }
        let deadline = Deadline(after: Self.dockerTime)
        do throws(DockerFailure) {
            try engine.ping(before: deadline)
        } catch {
            return try leaveOut(.docker, .target(TargetError(error)))
        }
        let uses = try await cleanContainers(engine, before: deadline)
        if let image = ours.map(\.image) {
            do throws(CleanupFailure) {
                try await cleanImages(engine, image, uses, before: deadline)
            } catch {
                try leaveOut(.images, error)
            }
        }
        if policy.volumes != .none {
            do throws(CleanupFailure) {
                try await cleanVolumes(engine, uses, before: deadline)
            } catch {
                try leaveOut(.volumes, error)
            }
        }
        guard policy.removesBuildCache else { return }
        do throws(CleanupFailure) {
            try await cleanBuildCache(engine, before: deadline)
        } catch {
            try leaveOut(.buildCache, error)
        }
    }

    /// The target's engine, or the one whose other leftovers are to go.
    var wantedEngine: DockerEngine? {
        (ours?.engine ?? (policy.wantsDocker ? configuration.docker : nil)).map { DockerEngine($0) }
    }

    static func asking<Value>(
        _ call: @autoclosure () throws(DockerFailure) -> Value
    ) throws(CleanupFailure) -> Value {
        try rethrow(try call(), as: { CleanupFailure.target(TargetError($0)) })
    }

    // MARK: Containers

    /// - Returns: all containers as they were before any was removed: what one of them uses stays for this run, so that
    ///   a dry run shows what a real one does. `nil` where they are not known.
    private mutating func cleanContainers(
        _ engine: DockerEngine, before deadline: Deadline
    ) async throws(CleanupFailure) -> [DockerContainerUse]? {
        do throws(CleanupFailure) {
            return try await cleanContainersUnderLock(engine, before: deadline)
        } catch {
            try leaveOut(.containers, error)
            return nil
        }
    }

    /// Discovery, plan and removal while no `monitor` can take a step: what it is about to start, or drains, must not go.
    private mutating func cleanContainersUnderLock(
        _ engine: DockerEngine, before deadline: Deadline
    ) async throws(CleanupFailure) -> [DockerContainerUse] {
        let lock = try await takeMonitorLock()
        let deadline = deadline.within(Self.lockedTime)
        let operation = try operationUnderWay()
        let uses = try Self.asking(try engine.containerUses(before: deadline))
        var stopped: [StoppedContainer] = []
        var ids: [String: ContainerID] = [:]
        for use in uses {
            guard let found = try look(at: use.container, engine, operation, before: deadline) else { continue }
            stopped.append(found)
            ids[found.id] = use.container.id
        }
        let owners = Dictionary(stopped.map { ($0.id, $0.owner) }, uniquingKeysWith: { first, _ in first })
        let plan = CleanupPlan(stopped, policy: policy)
        try await carryOut(
            plan,
            remove: { entry throws(CleanupFailure) in
                guard let id = ids[entry.id] else { return nil }
                // Anonymous volumes of ours would be nobody's afterwards; those of others may hold data.
                let removal = try Self.asking(
                    try engine.removeStopped(
                        id, name: entry.name, withVolumes: owners[entry.id] == .ours, before: deadline))
                return Outcome(removal, bytes: entry.bytes)
            })
        lock?.release()
        return uses
    }

    /// `nil` where there is nothing to wait for: in a dry run, and where no container can be ours.
    private func takeMonitorLock() async throws(CleanupFailure) -> RunLock? {
        guard !isDryRun, ours != nil else { return nil }
        try stopIfInterrupted()
        do throws(RunLock.Failure) {
            return try await RunLock.waiting(
                for: stateFile.lock, before: Deadline(after: lockPatience), while: { interruption.signal == nil })
        } catch {
            try stopIfInterrupted()
            guard case .held(let path) = error else { throw CleanupFailure(lock: error) }
            throw .monitorAtWork(path: path, seconds: Int(lockPatience.components.seconds))
        }
    }

    /// What the state file says that a run is busy with; where it can't be read, that is not known.
    private func operationUnderWay() throws(CleanupFailure) -> ScalingHistory.Operation? {
        switch try state() {
        case .none: nil
        case .state(let state): state.history.operation
        case .broken(let why): throw .stateBroken(path: stateFile.path.string, why: why)
        }
    }

    /// `nil` for what runs, for what is gone, and for others' where they are not asked for.
    private func look(
        at container: DockerContainer, _ engine: DockerEngine, _ operation: ScalingHistory.Operation?,
        before deadline: Deadline
    ) throws(CleanupFailure) -> StoppedContainer? {
        let idleStates = ["created", "exited", "dead"]
        guard idleStates.contains(container.state) else { return nil }
        let owner = owner(of: container)
        if owner == .others, !policy.removesOtherContainers { return nil }
        var found = StoppedContainer(id: container.id.text, name: container.name, owner: owner, idle: nil)
        guard owner == .ours || owner == .others else { return found }
        let idle = try Self.asking(
            try engine.idleTime(of: container.id, before: deadline))
        guard let idle, idleStates.contains(idle.status) else { return nil }
        let names = [container.name, container.labels[DockerLabel.operation]]
        found = StoppedContainer(
            id: found.id, name: found.name, owner: owner, idle: idle.since.map { now.wall - $0 },
            wasStarted: idle.wasStarted, bytes: idle.bytes, isProtected: container.labels.areProtecting,
            isInOperation: operation.map { names.contains($0.backend) } ?? false)
        return found
    }

    private func owner(of container: DockerContainer) -> StoppedContainer.Owner {
        guard let service = container.labels[DockerLabel.service] else {
            return container.labels[DockerLabel.managed] == nil ? .others : .adopted
        }
        guard service == configuration.service else { return .otherService(service) }
        return ours != nil && container.labels[DockerLabel.managed] == "true" ? .ours : .adopted
    }

    private func known(
        _ uses: [DockerContainerUse]?, _ engine: DockerEngine, before deadline: Deadline
    ) throws(CleanupFailure) -> [DockerContainerUse] {
        if let uses { return uses }
        return try Self.asking(try engine.containerUses(before: deadline))
    }

    // MARK: Images

    private mutating func cleanImages(
        _ engine: DockerEngine, _ image: String?, _ uses: [DockerContainerUse]?, before deadline: Deadline
    ) async throws(CleanupFailure) {
        let uses = try known(uses, engine, before: deadline)
        let repository = image?.familiarImage.imageRepository
        let configured = try resolved(image.map { [$0] } ?? [], engine, before: deadline)
        let owners = try owners(of: repository, uses, engine, before: deadline)
        let plan = CleanupPlan(
            try storedImages(of: repository, uses, engine, before: deadline), repository: repository,
            configured: configured, owners: owners, policy: policy)
        try await removeImages(plan, engine, before: deadline)
    }

    private func storedImages(
        of repository: String?, _ uses: [DockerContainerUse], _ engine: DockerEngine, before deadline: Deadline
    ) throws(CleanupFailure) -> [StoredImage] {
        let used = uses.reduce(into: Set<String>()) { $0.formUnion($1.images) }
        var stored: [StoredImage] = []
        for image in try Self.asking(try engine.images(before: deadline)) {
            let isCandidate =
                image.references.isEmpty || image.references.contains { $0.imageRepository == repository }
            let tagged = try Self.asking(
                isCandidate ? try engine.image(image.id.text, before: deadline)?.lastTagged : nil)
            stored.append(
                StoredImage(
                    id: image.id.text, references: image.references,
                    age: image.created > 0 ? now.wall - image.created : nil, named: tagged.map { now.wall - $0 },
                    bytes: image.bytes,
                    isUsed: used.contains(image.id.text) || !used.isDisjoint(with: image.names),
                    isProtected: image.labels.areProtecting))
        }
        return stored
    }

    /// Images share layers, so their sizes do not add up to what is free afterwards: Docker is asked before and after.
    private mutating func removeImages(
        _ plan: CleanupPlan, _ engine: DockerEngine, before deadline: Deadline
    ) async throws(CleanupFailure) {
        let isRemoving = !isDryRun && !plan.effects.isEmpty
        let before = isRemoving ? try? engine.usage(before: deadline).layers : nil
        let freed = report.freedBytes
        try await carryOut(
            plan,
            remove: { entry throws(CleanupFailure) in
                Outcome(try Self.asking(try engine.removeImage(entry.id, before: deadline)), bytes: entry.bytes)
            })
        if let before, let after = try? engine.usage(before: deadline).layers {
            report.freedBytes = freed &+ max(0, before - after)
        }
    }

    /// Names as Docker lists them, and the ids that they lead to.
    private func resolved(
        _ references: some Sequence<String>, _ engine: DockerEngine, before deadline: Deadline
    ) throws(CleanupFailure) -> Set<String> {
        var names: Set<String> = []
        for reference in references {
            let name = reference.familiarImage
            names.insert(name.contains("@") || name != name.imageRepository ? name : "\(name):latest")
            let image = try Self.asking(try engine.image(name, before: deadline))
            if let image { names.insert(image.id.text) }
        }
        return names
    }

    /// Who else has images of the repository, and which of them were proven to be ours.
    private mutating func owners(
        of repository: String?, _ uses: [DockerContainerUse], _ engine: DockerEngine, before deadline: Deadline
    ) throws(CleanupFailure) -> ImageOwners {
        let neighbours = NeighbourImages(of: configuration)
        for path in neighbours.unread { log.say(.configurationUnread(path: path)) }
        let theirs = uses.filter { use in
            use.container.labels[DockerLabel.service].map { $0 != configuration.service } ?? false
        }.flatMap(\.images)
        let isShared =
            !neighbours.unread.isEmpty
            || (theirs + neighbours.references).contains { $0.familiarImage.imageRepository == repository }
        let own = ImageRecord.load(configuration.service, in: configuration.places).references
        return ImageOwners(
            others: try resolved(neighbours.references, engine, before: deadline),
            proven: isShared ? try resolved(own, engine, before: deadline) : nil)
    }

    // MARK: Volumes, build cache

    private mutating func cleanVolumes(
        _ engine: DockerEngine, _ uses: [DockerContainerUse]?, before deadline: Deadline
    ) async throws(CleanupFailure) {
        let used = try known(uses, engine, before: deadline).reduce(into: Set<String>()) { $0.formUnion($1.volumes) }
        let volumes = try Self.asking(try engine.volumes(before: deadline))
        let sizes = (try? engine.usage(before: deadline).volumes) ?? [:]
        let stored = volumes.map { volume in
            StoredVolume(
                name: volume.name, isAnonymous: volume.isAnonymous, isUsed: used.contains(volume.name),
                age: volume.createdAt.map { now.wall - $0 }, bytes: sizes[volume.name],
                isProtected: volume.labels.areProtecting)
        }
        try await carryOut(
            CleanupPlan(stored, policy: policy),
            remove: { entry throws(CleanupFailure) in
                Outcome(try Self.asking(try engine.removeVolume(entry.id, before: deadline)), bytes: entry.bytes)
            })
    }

    private mutating func cleanBuildCache(
        _ engine: DockerEngine, before deadline: Deadline
    ) async throws(CleanupFailure) {
        let usage = try Self.asking(try engine.usage(before: deadline))
        let grace = policy.grace
        let unused = usage.buildCache.filter { record in
            !record.isInUse && record.lastUsed.map { now.wall - $0 > grace } == true
        }
        let cache = UnusedBuildCache(
            records: unused.count, bytes: unused.filter { !$0.isShared }.reduce(0) { $0 &+ max(0, $1.bytes) })
        try await carryOut(
            CleanupPlan(cache, policy: policy),
            remove: { _ throws(CleanupFailure) in
                .removed(freed: try Self.asking(try engine.pruneBuildCache(unusedFor: grace, before: deadline)))
            })
    }
}

extension CleanupRun.Outcome {
    fileprivate init(_ removal: DockerRemoval, bytes: Int?) {
        self =
            switch removal {
            case .removed: .removed(freed: bytes)
            case .gone: .removed(freed: 0)
            case .inUse(let why): .inUse(says: why)
            }
    }
}

extension String {
    /// As Docker lists it: without the registry and the folder that it takes for granted.
    fileprivate var familiarImage: String {
        var name = self[...]
        for prefix in ["index.docker.io/", "docker.io/"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.utf8.count)
            if name.hasPrefix("library/") { name = name.dropFirst("library/".utf8.count) }
        }
        return String(name)
    }
}

extension [String: String] {
    fileprivate var areProtecting: Bool { self[DockerLabel.keep] == "true" }
}
