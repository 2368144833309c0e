import SeededRandom
import Testing

@testable import Decisions

/// Courses whose every effect is answered by chance, and what must hold of them whatever the answers are.
struct FleetCoursePropertyTests {
    @Test
    func
        `whatever happens, intent is on disk before its effect, nothing is ended that NGINX serves, and there is an end`()
    {
        var ends = 0
        var signalled = 0
        for seed in 0..<5_000 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var watch = Watch(course: Self.course(&random))
            watch.play(&random)
            #expect(watch.complaints == [], "seed \(seed): \(watch.story)")
            if !watch.complaints.isEmpty { return }
            ends += watch.ended
            signalled += watch.isSignalled ? 1 : 0
        }
        #expect(
            ends > 200 && signalled > 500,
            "courses in which nothing happens prove nothing: \(ends) ends, \(signalled) signals")
    }

    private static func course(_ random: inout SplitMix64) -> FleetCourse {
        let stories = RepairPlanTests()
        var history = ScalingHistory()
        var backends: [ObservedBackend] = []
        for name in ["a", "b", "c", "d", "e"].prefix(random.below(6)) {
            let activity = random.pick([.running, .running, .running, .exited, .created] as [Backend.Activity])
            let health = random.pick([nil, .refused, .unhealthy("HTTP 503")] as [Health?])
            backends.append(stories.backend(name, activity, health: activity == .running ? health : nil))
            history.backends[name] = memory(&random)
        }
        if let draining = backends.last, random.chance(40) {
            history.operation = .init(
                direction: .down, backend: draining.backend.name,
                left: random.chance(70) ? stories.moment(before: random.below(400_000)) : nil)
        }
        let served = backends.filter { _ in random.chance(60) }.map(\.backend.name)
        let plan = stories.plan(
            backends, served: random.chance(90) ? served : nil, history: history, connections: random.below(2),
            minimum: 1 + random.below(3))
        let decision = ScalingDecision(
            verdict: random.pick([.hold, .up, .down]), reason: .withinLimits, limits: [], streak: Streak())
        return FleetCourse(
            plan, decision, publishes: random.chance(50), mayPublish: random.chance(80),
            names: ["n", "o", "p", "q", "r", "s"], served: Set(served.compactMap { .loopback(port: stories.port($0)) }),
            at: stories.now)
    }

    private static func memory(_ random: inout SplitMix64) -> ScalingHistory.Memory? {
        let since = RepairPlanTests().moment(before: random.below(400_000))
        var memory = ScalingHistory.Memory(wasReady: random.chance(60))
        if !memory.wasReady { memory.startingSince = since }
        memory.unhealthyRuns = random.below(2)
        memory.isReplaced = random.chance(30)
        if random.chance(20) { memory.departure = .init(left: since, isStopOrdered: random.chance(50)) }
        return random.chance(85) ? memory : nil
    }
}

/// Answers a course by chance, and complains.
private struct Watch {
    var course: FleetCourse
    private(set) var complaints: [String] = []
    private(set) var story: [String] = []
    private(set) var isSignalled = false
    private(set) var ended = 0
    private var saved: ScalingHistory?
    private var served: Set<ServerAddress>?
    private var started: Set<String> = []
    /// Whoever has no process any more.
    private var gone: Set<String> = []
    private var isBackingOff = false
    private var isOver = false

    init(course: FleetCourse) {
        self.course = course
        served = course.served
    }

    mutating func play(_ random: inout SplitMix64) {
        while let effect = course.next() {
            judge(effect)
            let event = answer(effect, &random)
            learn(effect, event)
            story.append("\(FleetDialogue.words(effect)) → \(event)")
            guard story.count < 100 else { return complaints.append("it does not end") }
            if random.chance(3) {
                isSignalled = true
                course.happened(.signalled, at: course.now)
            }
            course.happened(event, at: course.now)
        }
        if saved != nil, !isOver, !story.contains(where: { $0.hasSuffix("notWritten") || $0.hasSuffix("unavailable") })
        {
            complaints.append("it ends without its last effect")
        }
    }

    private mutating func judge(_ effect: FleetEffect) {
        if isOver { complaints.append("\(effect) after the last one") }
        if saved == nil, story.count > 0 { complaints.append("\(effect), though nothing is on disk") }
        switch effect {
        case .start(let name, _):
            if saved?.backends[name]?.startingSince == nil { complaints.append("starts \(name), which is not on disk") }
            refuseAfterSignal(effect)
        case .end(let ending):
            let backend = ending.backend
            if saved?.backends[backend.name]?.departure?.isStopOrdered != true {
                complaints.append("ends \(backend.name), which is not on disk")
            }
            if backend.address.map({ served?.contains($0) != false }) == true {
                complaints.append("ends \(backend.name), which NGINX may serve")
            }
        case .remove(let backend):
            if backend.runs, !gone.contains(backend.name) { complaints.append("removes \(backend.name), which runs") }
            refuseAfterSignal(effect)
        case .publish(let backends):
            if !backends.contains(where: { $0.address != nil }) { complaints.append("publishes nobody") }
            if isBackingOff { complaints.append("publishes again") }
            for name in backends.map(\.name) where started.contains(name) && saved?.backends[name]?.wasReady != true {
                complaints.append("publishes \(name), and that it was ready is not on disk")
            }
            refuseAfterSignal(effect)
        case .restart: refuseAfterSignal(effect)
        case .save, .remember, .tell, .awaitReady, .compare, .countConnections, .lookAgain, .conclude: break
        }
    }

    private mutating func refuseAfterSignal(_ effect: FleetEffect) {
        if isSignalled { complaints.append("\(effect) after a signal") }
    }

    private func answer(_ effect: FleetEffect, _ random: inout SplitMix64) -> FleetEvent {
        let isWell = random.chance(80)
        switch effect {
        case .save, .conclude: return random.chance(95) ? .done : .notWritten
        case .remember: return random.chance(98) ? .done : .unavailable
        case .tell: return .done
        case .remove, .end: return isWell ? .done : random.pick([.refused, .timedOut, .unavailable])
        case .restart(let backend):
            return isWell ? .started(running(backend.name)) : random.pick([.refused, .unavailable])
        case .start(let name, _): return isWell ? .started(running(name)) : random.pick([.refused, .unavailable])
        case .awaitReady(let backends):
            return .awaited(backends.map { Arrival($0, random.pick([.ready, .ready, .notYet(.refused), .ended])) })
        case .compare: return random.chance(95) ? .compared(differs: random.chance(70)) : .notWritten
        case .publish:
            return isWell
                ? .done
                : random.pick([.notTaken(circumstances: nil), .notTaken(circumstances: ""), .unavailable, .rolledBack])
        case .countConnections: return .counted(random.pick([nil, 0, 0, 3]))
        case .lookAgain(let ending):
            let out = (served ?? []).subtracting([ending.backend.address].compactMap(\.self))
            return isWell
                ? .seen(out) : random.pick([.unseen, .seen(out.union([ending.backend.address].compactMap(\.self)))])
        }
    }

    private mutating func learn(_ effect: FleetEffect, _ event: FleetEvent) {
        switch (effect, event) {
        case (.save(let history), .done): saved = history
        case (.conclude, _): isOver = true
        case (.publish(let backends), .done): served = Set(backends.compactMap(\.address))
        case (.publish, .notTaken(circumstances: _?)): isBackingOff = true
        case (.lookAgain, .seen(let seen)): served = seen
        case (_, .started(let backend)): started.insert(backend.name)
        case (.end(let ending), .done):
            gone.insert(ending.backend.name)
            ended += 1
        case (_, .awaited(let arrivals)): gone.formUnion(arrivals.filter { $0.outcome == .ended }.map(\.backend.name))
        default: break
        }
    }

    private func running(_ name: String) -> Backend { RepairPlanTests().backend(name).backend }
}
