@testable import Decisions

/// One run of `autoscale monitor` on a simulated world: the real plan, the real decision and the real course, whose effects
/// change the world, or come to nothing.
///
/// A kill is not simulated as such: the world is kept as it was before every effect, and a killed run is one of these.
struct SimulatedRun {
    private(set) var world: SimulatedWorld
    /// The world before each effect, in their order.
    private(set) var beforeEffects: [SimulatedWorld] = []
    private(set) var effects: [SimulatedEffect] = []
    private(set) var decision: ScalingDecision?
    private(set) var plan: RepairPlan?
    /// What the judge found wrong.
    private(set) var violations: [String] = []

    let now: Moment
    let bug: PlantedBug?
    let readings: [Metric: Reading]
    /// SIGTERM comes before the effect of that number; `nil`: it does not come.
    let terminatedBefore: Int?
    let startedAt: Int
    private var safety: Safety
    /// Those that fail, where all of several do, as the run found it.
    private(set) var sharedFailure: Set<String> = []
    var startedNames: Set<String> = []
    /// What NGINX was last seen to serve.
    var live: Ports?
    /// Something that a step does not depend on came to nothing.
    var hasFailed = false
    /// Why a step that was said need not be taken: the target or NGINX was away, NGINX took nothing, or a signal came.
    var hasExcuse = false
    var stepIsIntended = false
    var isHoldingJudged = false
    /// What a planted bug makes it forget.
    var forgotten: Set<String> = []

    init(
        _ world: SimulatedWorld, readings: [Metric: Reading], terminatedBefore: Int? = nil, bug: PlantedBug? = nil
    ) {
        self.world = world
        self.readings = readings
        self.terminatedBefore = terminatedBefore
        self.bug = bug
        now = world.clock.now
        startedAt = world.clock.milliseconds
        safety = Safety(of: world)
        underLock()
    }

    private mutating func underLock() {
        let (stored, isLost) = load()
        guard let fleet = observe(stored) else { return }
        let plan = RepairPlan(
            for: fleet, history: stored, policy: RepairPolicy(backends: world.bounds, sendsRequests: world.isPublished),
            now: now)
        live = seen
        let publishes = differs(Ports(plan.ready))
        var situation = plan.situation(publishes: publishes, stateLost: isLost)
        let wait = publicationWait(stored, live)
        if publishes { situation.publicationWait = wait }
        let decision = policy.decide(
            Sample(time: now, readings: readings), fleet: situation, after: plan.history)
        (self.plan, self.decision) = (plan, decision)
        judge(decision)
        judge(plan)
        let course = FleetCourse(
            plan, decision, publishes: publishes, mayPublish: wait == nil || bug == .publishesAtFullRate,
            names: (0...plan.start).map(newName), served: bug == .removesServed ? [] : live?.servers, at: now)
        follow(course)
        if course.step != nil, !stepIsIntended, !hasExcuse {
            complain("says \(decision.verdict) and does not do it")
        }
    }

    private mutating func follow(_ course: FleetCourse) {
        var course = course
        while true {
            if isInterrupted {
                hasExcuse = true
                course.happened(.signalled, at: world.clock.now)
            }
            guard let effect = course.next() else { return }
            let event = carryOut(effect, of: course)
            course.happened(event, at: world.clock.now)
        }
    }

    private func load() -> (ScalingHistory, isLost: Bool) {
        switch world.memory {
        case .none: (ScalingHistory(), false)
        case .broken: (ScalingHistory(), true)
        case .kept(let history):
            (
                history.correctingFutureStamps(at: now).endingStreaks(at: now).as(remembered: bug), false
            )
        }
    }

    // MARK: What is known before the first effect

    private mutating func observe(_ history: ScalingHistory) -> ObservedFleet? {
        if world.isPublished, world.nginx.isAway { return nil }
        if world.isPublished, world.nginx.served == nil,
            publicationWait(history, nil) == nil || bug == .publishesAtFullRate
        {
            effect(.wake) { $0.nginx.reload() }
        }
        safety = Safety(of: world)
        sharedFailure = world.sharedFailure(known: history)
        var observed = world.discovered
        if bug == .takesAdoptedForOurs { observed = observed.map(\.asManaged) }
        let draining = history.operation.flatMap { $0.left == nil ? nil : world.index($0.backend) }
        return ObservedFleet(
            backends: observed, served: seen?.servers,
            drainingConnections: draining.map { world.isPublished && world.backends[$0].isBusy ? 3 : 0 })
    }

    /// What NGINX serves; nothing, for good, where there is none.
    var seen: Ports? { world.isPublished ? world.nginx.served : [] }

    private var policy: ScalingPolicy { .shipped(backends: world.bounds) }

    /// What is configured never changes here; what keeps NGINX from taking a reload is a listening socket, which shows.
    func circumstances(_ live: Ports?) -> String {
        "\(world.nginx.file?.rawValue ?? 0) \(live?.rawValue ?? 0) \(world.nginx.ignoredReloads > 0)"
    }

    private func publicationWait(_ history: ScalingHistory, _ live: Ports?) -> FleetSituation.PublicationWait? {
        guard let backOff = history.publishing,
            let remaining = backOff.remaining(at: now, circumstances: circumstances(live))
        else { return nil }
        return .init(failures: backOff.failures, remaining: remaining)
    }

    func differs(_ wanted: Ports) -> Bool {
        guard !wanted.isEmpty, world.isPublished else { return false }
        return live != wanted || world.nginx.file != wanted
    }

    /// The wall clock can come by the same second twice: a name that is taken is not given again.
    func newName(_ index: Int) -> String {
        let taken = bug == .reusesNames ? [] : Set(plan?.standings.map(\.backend.name) ?? [])
        var free = (1...9).map { "backend_\(now.wall)" + ($0 == 1 ? "" : "_\($0)") }
        free.removeAll(where: taken.contains)
        return free[index]
    }

    var isInterrupted: Bool { terminatedBefore.map { effects.count >= $0 } ?? false }

    // MARK: Effects

    /// Carries one effect out, and judges what it did.
    mutating func effect(_ effect: SimulatedEffect, _ change: (inout SimulatedWorld) -> Void) {
        beforeEffects.append(world)
        effects.append(effect)
        change(&world)
        world.settle()
        guard effect.isJudged else { return }
        for complaint in safety.complaints(after: world) { complain(complaint) }
    }

    mutating func complain(_ text: String) {
        violations.append("effect \(effects.count), \(effects.last.map { "\($0)" } ?? "none"): \(text)")
    }

    /// Remembers, for the judge alone, that a step was made.
    mutating func noteStep() { world.steppedAt = startedAt }

    /// Remembers, for the judge alone, that NGINX did not take a publication.
    mutating func noteFailedPublication() {
        if world.failedOver != world.nginx { world.failedPublications = 0 }
        world.failedPublications += 1
        world.publicationFailedAt = startedAt
        world.failedOver = world.nginx
    }

    mutating func noteHolding(_ isHeld: Bool) { world.heldBack = isHeld ? world.heldBack + 1 : 0 }

    mutating func noteTakenBack(_ name: String) { world.asked.remove(name) }

    mutating func noteAsked(_ name: String) { world.asked.insert(name) }

    mutating func clearFailedPublications() { world.failedPublications = 0 }

    mutating func takeFault() -> SimulatedWorld.TargetFault? {
        defer { world.fault = nil }
        return world.fault
    }

    mutating func waitInside(seconds: Int) { world.clock.wait(seconds: seconds) }

    /// What became of a started backend while this run waited for it.
    mutating func awaitOutcome(of name: String) -> SimulatedBackend? {
        guard let index = world.index(name) else { return nil }
        effect(.wait) { _ in }
        if world.backends[index].condition == .starting {
            switch world.starts {
            case .ready: world.backends[index].condition = .well
            case .slow: break
            case .sick: world.backends[index].condition = .deaf
            case .ends: world.backends[index].activity = .exited
            }
            world.settle()
        }
        return world.index(name).map { world.backends[$0] }
    }
}

/// One thing that a run does to the world.
enum SimulatedEffect: Equatable {
    case save
    /// For a started backend to become ready; a run can be killed meanwhile.
    case wait
    case create(String)
    case start(String)
    case stop(String)
    case remove(String)
    case writeFile(Ports?)
    case reload
    /// Row A9: a reload because NGINX shows nothing of ours.
    case wake
    case keepLastGood(Ports)

    /// Waking is not: NGINX served nothing of ours, and may load what a killed run wrote, whatever became of that since.
    var isJudged: Bool {
        switch self {
        case .save, .wait, .wake, .keepLastGood: false
        case .create, .start, .stop, .remove, .writeFile, .reload: true
        }
    }
}

extension ScalingPolicy {
    /// The limits and waits of the configuration as shipped.
    static func shipped(backends: ClosedRange<Int> = 1...10) -> ScalingPolicy {
        let bands: [Metric: Band] = [
            .cpu: .init(minimum: 20, maximum: 80), .memory: .init(minimum: 30, maximum: 85),
            .connections: .init(minimum: 20, maximum: 100),
        ]
        return ScalingPolicy(bands: bands, backends: backends)
    }
}

extension ObservedBackend {
    fileprivate var asManaged: ObservedBackend {
        ObservedBackend(
            backend: Backend(
                id: backend.id, name: backend.name, origin: .managed(operation: backend.name),
                created: backend.created, activity: backend.activity, address: backend.address, life: backend.life),
            health: health)
    }
}
